package io.plumbline.simulator.learning;

import java.io.Serializable;

/** A fitted regression; immutable and compact. Times are in ms, as the targets were. */
public interface TrainedModel extends Serializable {

  /**
   * Time at a point of the only feature.
   *
   * @throws IllegalArgumentException if the model has two features
   */
  double predict(double x);

  /**
   * Time at a point of both features.
   *
   * @throws IllegalArgumentException if the model has one feature
   */
  double predict(double x, double y);

  /** How the model came about. */
  TrainingReport report();

  /** The model as plain numbers. */
  ModelNumbers numbers();
}
