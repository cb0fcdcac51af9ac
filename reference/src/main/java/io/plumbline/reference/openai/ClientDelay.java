package io.plumbline.reference.openai;

import io.plumbline.trace.run.RequestAttempt;
import java.util.List;
import java.util.Locale;

/**
 * How late the client was, from the planned sending of a request to the real one: its own share of
 * every time it measured. Percentiles are exact, linearly interpolated.
 */
record ClientDelay(double p50Nanos, double p99Nanos, double maxNanos) {
  /** Above this P99 the client may be what was measured. */
  static final double WARN_NANOS = 5e6;

  private static final double NANOS_PER_MILLI = 1e6;

  /** Over everything that was sent; null if nothing was. */
  static ClientDelay of(List<RequestAttempt> attempts) {
    long[] sorted =
        attempts.stream()
            .filter(attempt -> attempt.sentNanos() != null)
            .mapToLong(RequestAttempt::clientDelayNanos)
            .sorted()
            .toArray();
    return sorted.length == 0
        ? null
        : new ClientDelay(
            percentile(sorted, 0.5), percentile(sorted, 0.99), sorted[sorted.length - 1]);
  }

  private static double percentile(long[] sorted, double q) {
    double rank = q * (sorted.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }

  boolean isHigh() {
    return p99Nanos > WARN_NANOS;
  }

  static String millis(double nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_MILLI);
  }

  String text() {
    return "client delay: P50 %s ms, P99 %s ms, max %s ms"
        .formatted(millis(p50Nanos), millis(p99Nanos), millis(maxNanos));
  }
}
