package io.plumbline.jobs.report;

import java.util.List;
import java.util.Locale;

/** What people call the metrics. */
final class Metrics {
  /** Metrics with a plot and a headline number, in this order. */
  static final List<String> MAIN = List.of("ttft", "tpot", "e2e", "tbt");

  private Metrics() {}

  static String title(String metric) {
    return metric.equals("token_latency") ? "Token latency*" : metric.toUpperCase(Locale.ROOT);
  }

  static String meaning(String metric) {
    return switch (metric) {
      case "ttft" -> "time to first token, queueing included";
      case "tpot" -> "time per output token after the first";
      case "e2e" -> "arrival to last token";
      case "tbt" -> "gap between consecutive tokens";
      default -> "TBT with a 0 for each first token, as some tools publish it";
    };
  }

  static String statistic(String statistic) {
    return statistic.equals("mean") ? "mean" : statistic.toUpperCase(Locale.ROOT);
  }
}
