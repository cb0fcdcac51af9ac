package io.plumbline.simulator.learning;

/** Whose random numbers a forest draws. */
public enum ForestDraws {
  /** Its own, such that one forest per fold scores the whole grid: fast. */
  OWN,
  /**
   * Those of Vidur with {@code num_training_job_threads 1}: the model is Vidur's to the last bit,
   * at several times the cost. With more threads Vidur itself never trains the same model twice.
   */
  VIDUR
}
