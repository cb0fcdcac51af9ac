package io.plumbline.simulator.metrics;

/** Minimum, maximum and mean of a value that changes in steps. */
interface Meter {

  /** The value from now on; time never falls. */
  void set(double seconds, double value);

  /** Nothing changes any more; told once. */
  void end(double seconds);

  double min();

  double max();

  double mean();
}
