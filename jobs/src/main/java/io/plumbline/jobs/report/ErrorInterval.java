package io.plumbline.jobs.report;

import io.plumbline.jobs.error.ErrorMetrics;
import io.plumbline.jobs.report.ReportData.RequestPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * 95 % percentile interval of the percent error of a percentile: a bootstrap that draws requests
 * with replacement, the same on both sides. The same requests give the same interval.
 */
record ErrorInterval(double low, double high) {
  /** Of more requests no interval is made here; {@code fidelity} makes them. */
  static final long MOST_REQUESTS = 5_000;

  static final int DRAWS = 400;
  private static final long SEED = 1;
  private static final double TAIL = 0.025;

  /**
   * @param fraction of the percentile, e.g. 0.99
   * @return null if there are fewer than two requests, or a draw has no percent error
   */
  static ErrorInterval of(List<RequestPoint> requests, double fraction) {
    int n = requests.size();
    if (n < 2) {
      return null;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double[] errors = new double[DRAWS];
    double[] reference = new double[n];
    double[] simulated = new double[n];
    for (int draw = 0; draw < DRAWS; draw++) {
      for (int i = 0; i < n; i++) {
        RequestPoint request = requests.get(random.nextInt(n));
        reference[i] = request.referenceNs();
        simulated[i] = request.simulatedNs();
      }
      Double error =
          ErrorMetrics.percentError(
              ErrorMetrics.percentile(reference, fraction),
              ErrorMetrics.percentile(simulated, fraction));
      if (error == null) {
        return null;
      }
      errors[draw] = error;
    }
    Arrays.sort(errors);
    return new ErrorInterval(
        ErrorMetrics.percentile(errors, TAIL), ErrorMetrics.percentile(errors, 1 - TAIL));
  }

  /** In words that need no sign: {@code 8.0 to 14.1 % too low}. */
  String words() {
    if (high < 0) {
      return String.format(Locale.ROOT, "%.1f to %.1f %% too low", -high, -low);
    }
    return low > 0
        ? String.format(Locale.ROOT, "%.1f to %.1f %% too high", low, high)
        : String.format(Locale.ROOT, "%.1f %% too low to %.1f %% too high", -low, high);
  }
}
