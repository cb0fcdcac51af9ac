package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.error.ErrorMetrics;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The middle part of what a bootstrap found: a percentile interval.
 *
 * @param low its lower end
 * @param high its upper end
 */
record Interval(double low, double high) implements Serializable {
  /**
   * The interval of the values of all draws; draws without a value (NaN) are left out.
   *
   * @return null if fewer than two draws have a value
   */
  static Interval of(double[] draws, double confidencePercent) {
    double[] values = Arrays.stream(draws).filter(value -> !Double.isNaN(value)).toArray();
    if (values.length < 2) {
      return null;
    }
    double tail = (1 - confidencePercent / 100) / 2;
    return new Interval(
        ErrorMetrics.percentile(values, tail), ErrorMetrics.percentile(values, 1 - tail));
  }

  /** The end that is further from 0, with its sign. */
  double worst() {
    return Math.abs(low) > Math.abs(high) ? low : high;
  }

  boolean contains(double value) {
    return low <= value && value <= high;
  }
}
