package io.plumbline.reference.profiling;

import java.util.Arrays;
import java.util.Collection;

/** What Vidur's files have of several timings of the same thing; in ms. */
public record TimeStats(double min, double max, double mean, double median, double std) {
  private static final double NANOS_PER_MS = 1e6;

  /** Scale of the median absolute deviation of a normal distribution to its standard deviation. */
  private static final double DEVIATIONS_PER_MAD = 1.4826;

  /** Standard error of a median over that of a mean, of a normal distribution: sqrt(pi / 2). */
  private static final double MEDIAN_OVER_MEAN = 1.2533;

  /** Of timings in ns; at least one. */
  static TimeStats ofNanos(Collection<Long> nanos) {
    double[] ms = nanos.stream().mapToDouble(n -> n / NANOS_PER_MS).sorted().toArray();
    if (ms.length == 0) {
      throw new IllegalArgumentException("no timings");
    }
    double mean = Arrays.stream(ms).average().orElseThrow();
    double variance = Arrays.stream(ms).map(t -> (t - mean) * (t - mean)).average().orElseThrow();
    return new TimeStats(
        ms[0], ms[ms.length - 1], mean, sortedMedian(ms), StrictMath.sqrt(variance));
  }

  /** The sum of independent parts: of their medians and means, extremes and variances. */
  TimeStats plus(TimeStats other) {
    return new TimeStats(
        min + other.min,
        max + other.max,
        mean + other.mean,
        median + other.median,
        StrictMath.hypot(std, other.std));
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sortedMedian(sorted);
  }

  private static double sortedMedian(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /**
   * How sure a median is: its standard error over itself, from the median absolute deviation, which
   * a few interrupted timings do not move.
   */
  static double relativeErrorOfMedian(double[] values) {
    double median = median(values);
    double[] deviations = Arrays.stream(values).map(v -> Math.abs(v - median)).toArray();
    double deviation = DEVIATIONS_PER_MAD * median(deviations);
    return MEDIAN_OVER_MEAN * deviation / StrictMath.sqrt(values.length) / median;
  }
}
