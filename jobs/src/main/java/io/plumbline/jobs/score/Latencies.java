package io.plumbline.jobs.score;

import io.plumbline.jobs.error.ErrorMetrics;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Percentiles of the latencies of a run, in nanoseconds; what is not known is not in it. */
final class Latencies {
  /** What is compared, in the order of the tables. */
  enum Statistic {
    TTFT_P50("ttft", "p50", 0.5),
    TTFT_P90("ttft", "p90", 0.9),
    TTFT_P99("ttft", "p99", 0.99),
    TBT_P50("tbt", "p50", 0.5),
    TBT_P90("tbt", "p90", 0.9),
    TBT_P99("tbt", "p99", 0.99),
    E2E_P50("e2e", "p50", 0.5),
    E2E_P90("e2e", "p90", 0.9),
    E2E_P99("e2e", "p99", 0.99);

    private final String metric;
    private final String name;
    private final double fraction;

    Statistic(String metric, String name, double fraction) {
      this.metric = metric;
      this.name = name;
      this.fraction = fraction;
    }

    /** The statistic of a row of {@code run_summary}; null if it is none of these. */
    static Statistic of(String metric, String name) {
      for (Statistic statistic : values()) {
        if (statistic.metric.equals(metric) && statistic.name.equals(name)) {
          return statistic;
        }
      }
      return null;
    }

    /** As in the head of a table. */
    String title() {
      return metric.toUpperCase(Locale.ROOT) + " " + name.toUpperCase(Locale.ROOT);
    }
  }

  private final Map<Statistic, Double> nanos = new EnumMap<>(Statistic.class);

  /** Null if it is not known. */
  Double get(Statistic statistic) {
    return nanos.get(statistic);
  }

  Latencies put(Statistic statistic, double value) {
    nanos.put(statistic, value);
    return this;
  }

  boolean isEmpty() {
    return nanos.isEmpty();
  }

  /** Of a run that was simulated with its tokens. */
  static Latencies of(RunTrace trace) {
    Latencies latencies = new Latencies();
    latencies.putAll("ttft", times(trace.requests(), RequestTiming::ttftNanos));
    latencies.putAll("tbt", gaps(trace.tokens()));
    latencies.putAll("e2e", times(trace.requests(), RequestTiming::e2eNanos));
    return latencies;
  }

  private void putAll(String metric, double[] values) {
    if (values.length == 0) {
      return;
    }
    for (Statistic statistic : Statistic.values()) {
      if (statistic.metric.equals(metric)) {
        put(statistic, ErrorMetrics.percentile(values, statistic.fraction));
      }
    }
  }

  private static double[] times(
      List<RequestTiming> requests, Function<RequestTiming, Long> metric) {
    return requests.stream().map(metric).filter(t -> t != null).mapToDouble(t -> t).toArray();
  }

  /** All gaps between neighbouring tokens of a request, those of all requests together. */
  private static double[] gaps(TokenTimes tokens) {
    double[] gaps = new double[Math.max(0, tokensOf(tokens) - tokens.requests())];
    int count = 0;
    for (int request = 0; request < tokens.requests(); request++) {
      for (int token = 1; token < tokens.tokens(request); token++) {
        gaps[count++] = tokens.nanos(request, token) - tokens.nanos(request, token - 1);
      }
    }
    return Arrays.copyOf(gaps, count);
  }

  private static int tokensOf(TokenTimes tokens) {
    int sum = 0;
    for (int request = 0; request < tokens.requests(); request++) {
      sum += Math.max(1, tokens.tokens(request));
    }
    return sum;
  }

  /** Each statistic at its median over several draws of the same load. */
  static Latencies median(List<Latencies> draws) {
    Latencies median = new Latencies();
    for (Statistic statistic : Statistic.values()) {
      double[] values =
          draws.stream()
              .map(draw -> draw.get(statistic))
              .filter(value -> value != null)
              .mapToDouble(value -> value)
              .toArray();
      if (values.length > 0) {
        median.put(statistic, ErrorMetrics.percentile(values, 0.5));
      }
    }
    return median;
  }

  /** Signed error in percent where both are known. */
  Double percentError(Latencies reference, Statistic statistic) {
    Double real = reference.get(statistic);
    Double predicted = get(statistic);
    return real == null || predicted == null ? null : ErrorMetrics.percentError(real, predicted);
  }
}
