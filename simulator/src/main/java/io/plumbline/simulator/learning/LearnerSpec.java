package io.plumbline.simulator.learning;

import java.io.Serializable;

/** Choice of a regression and the grid of its parameters; each kind trains itself. */
public sealed interface LearnerSpec extends Serializable permits PolynomialSpec, RandomForestSpec {

  /**
   * Searches the grid by cross-validation and fits the best parameters to all rows. Equal scores go
   * to the first in the order of the grid.
   *
   * @throws IllegalArgumentException if there are fewer than two rows
   */
  TrainedModel train(Samples samples);
}
