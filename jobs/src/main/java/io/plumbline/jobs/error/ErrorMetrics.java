package io.plumbline.jobs.error;

import java.util.Arrays;

/** The one definition of each error measure, as pure functions. */
public final class ErrorMetrics {
  private ErrorMetrics() {}

  /** Simulated - reference, in their unit; negative means the simulator was too optimistic. */
  public static double signedError(double reference, double simulated) {
    return simulated - reference;
  }

  /**
   * Signed error / reference. Two zeros agree, so their error is 0.
   *
   * @return null if the reference is 0 and the simulated value is not
   */
  public static Double relativeError(double reference, double simulated) {
    double error = signedError(reference, simulated);
    if (error == 0) {
      return 0.0;
    }
    return reference == 0 ? null : Double.valueOf(error / reference);
  }

  /** The relative error in percent; null as {@link #relativeError}. */
  public static Double percentError(double reference, double simulated) {
    Double relative = relativeError(reference, simulated);
    return relative == null ? null : Double.valueOf(100 * relative);
  }

  /**
   * Exact percentile with linear interpolation between the two closest ranks: rank {@code fraction
   * * (n - 1)}, from 0. The same as Spark's {@code percentile} and numpy's default.
   *
   * @param values in any order, at least one; left as they are
   * @param fraction from 0 to 1
   */
  public static double percentile(double[] values, double fraction) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a percentile needs at least one value");
    }
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction (%s) must be in [0, 1]".formatted(fraction));
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double rank = fraction * (sorted.length - 1);
    int below = (int) Math.floor(rank);
    int above = (int) Math.ceil(rank);
    if (below == above || sorted[below] == sorted[above]) {
      return sorted[below];
    }
    return (above - rank) * sorted[below] + (rank - below) * sorted[above];
  }
}
