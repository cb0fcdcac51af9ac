package io.plumbline.jobs.report;

import io.plumbline.jobs.report.ReportData.Compared;
import io.plumbline.jobs.report.ReportData.Distribution;
import io.plumbline.jobs.table.ErrorSummaryRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sentences of the report, the same in Markdown and HTML. */
final class ReportText {
  static final String GAP_TITLE = "What the gap is made of";

  static final String GAP =
      "Time over the whole run in which requests were served, part by part. A measured forward runs"
          + " all operators at once; those of the simulation are named, the longest first. What is"
          + " left of TTFT is queueing.";

  static final String METHOD =
      "Both runs served the same workload, and requests are paired by their position in it. Error is"
          + " 100 * (simulated - reference) / reference: negative means the simulator was too"
          + " optimistic. Percentiles are exact, linearly interpolated. Everything on this page can"
          + " be asked again with the sql command: tables error_summary, request_error, run.";

  private ReportText() {}

  static String scope(ReportData data) {
    List<String> parts = new ArrayList<>();
    if (!data.comparisons().isEmpty()) {
      parts.add(count(data.comparisons().size(), "comparison"));
    }
    if (data.comparisons().size() > ReportData.MAX_DETAILED) {
      parts.add("the first %d in detail".formatted(ReportData.MAX_DETAILED));
    }
    if (!data.sweep().isEmpty()) {
      parts.add(count(data.sweepPoints(), "sweep point"));
    }
    return parts.isEmpty() ? "Nothing to show yet." : String.join(", ", parts);
  }

  /** The same with capacity searches. */
  static String scope(ReportData data, List<CapacitySearches.Question> searches) {
    long capacities = searches.stream().mapToLong(question -> question.found().size()).sum();
    if (capacities == 0) {
      return scope(data);
    }
    String found = capacities == 1 ? "1 capacity" : capacities + " capacities";
    return data.comparisons().isEmpty() && data.sweep().isEmpty()
        ? found
        : scope(data) + ", " + found;
  }

  private static String count(long n, String thing) {
    return n + " " + thing + (n == 1 ? "" : "s");
  }

  static String sweepScope(ReportData data) {
    return data.sweepPoints() > data.sweep().size()
        ? "%d of %d points".formatted(data.sweep().size(), data.sweepPoints())
        : count(data.sweepPoints(), "point");
  }

  /** Where both ran: model, device, size of the workload, and the thresholds. */
  static String setting(Compared c) {
    ErrorSummaryRow any = c.summary().get(0);
    return Stream.of(
            model(c),
            c.reference().device(),
            count(c.reference().requests(), "request"),
            "PASS up to %s %%, WARN up to %s %%"
                .formatted(plain(any.passPercent()), plain(any.warnPercent())))
        .filter(Objects::nonNull)
        .collect(Collectors.joining(" · "));
  }

  /** The model as the reference calls it, unless that is a path, which only says where it lay. */
  private static String model(Compared c) {
    String model = c.reference().model();
    return model != null && model.startsWith("/") ? c.simulated().model() : model;
  }

  static String referenceWord(Compared c) {
    return c.reference().origin().equals("measured") ? "measured" : "reference";
  }

  static String notes(Compared c) {
    List<String> notes = new ArrayList<>();
    List<String> perRequest =
        Metrics.MAIN.stream()
            .filter(metric -> c.distributions().containsKey(metric))
            .filter(metric -> mape(c.distributions().get(metric)) != null)
            .map(
                metric ->
                    "%s %.1f %%"
                        .formatted(Metrics.title(metric), mape(c.distributions().get(metric))))
            .toList();
    if (!perRequest.isEmpty()) {
      notes.add("Mean size of the error per request: %s.".formatted(String.join(", ", perRequest)));
    }
    int dropped = c.summary().get(0).droppedRequests();
    if (dropped > 0) {
      notes.add(
          "%s left out because a side did not finish them.".formatted(count(dropped, "request")));
    }
    if (c.statistic("token_latency", "p50") != null) {
      notes.add(
          "* counts a 0 for each request's first token, as some tools publish it; TBT does not.");
    }
    return String.join(" ", notes);
  }

  private static Double mape(Distribution distribution) {
    return distribution.meanAbsolutePercentError();
  }

  static String plain(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }
}
