package io.plumbline.simulator.learning;

import java.io.Serializable;

/** Choice of a regression and the grid of its parameters; each kind trains itself. */
public sealed interface LearnerSpec extends Serializable permits PolynomialSpec, RandomForestSpec {

  /**
   * Searches the grid by cross-validation and fits the best parameters to all rows. Equal scores go
   * to the first in the order of the grid.
   *
   * @param treesBefore trees that others took off the same random numbers before, as {@link #trees}
   *     counts them
   * @throws IllegalArgumentException if there are fewer than two rows
   */
  TrainedModel train(Samples samples, long treesBefore);

  /** Trains the first, or the only, model of its random numbers. */
  default TrainedModel train(Samples samples) {
    return train(samples, 0);
  }

  /** Trees that a training takes off random numbers that it shares; 0 if it shares none. */
  long trees(int rows);
}
