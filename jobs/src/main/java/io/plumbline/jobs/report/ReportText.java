package io.plumbline.jobs.report;

import io.plumbline.jobs.report.ReportData.Compared;
import io.plumbline.jobs.report.ReportData.Distribution;
import io.plumbline.jobs.report.ReportData.PartMean;
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

  static final String PARTS_TITLE = "What E2E is made of";

  static final String PARTS =
      "Means over requests, from the table error_attribution; the parts add up to E2E."
          + " docs/attribution.md defines them.";

  static final List<String> PARTS_HEADER =
      List.of("part", "measured, ms", "simulated, ms", "error, ms", "of E2E, %");

  static final String REPRODUCE_TITLE = "How to make it again";

  static final String REPRODUCE =
      "Tables that are not in results want --results DIR. The last command gives what was simulated;"
          + " runs that were measured or taken in elsewhere say below where they come from.";

  static final String METHOD =
      "Both runs served the same workload, and requests are paired by their position in it. Error is"
          + " 100 * (simulated - reference) / reference: negative means the simulator was too"
          + " optimistic. Percentiles are exact, linearly interpolated. Intervals: 95 % of 400 bootstrap"
          + " draws of requests, seed 1, of up to 5,000 requests; verdicts are of the error itself. Everything on this page can"
          + " be asked again with the sql command: tables error_summary, request_error, run.";

  private ReportText() {}

  /** Lines of the table of parts, E2E last; empty if nothing was attributed. */
  static List<List<String>> parts(Compared c) {
    double real = c.parts().stream().mapToDouble(PartMean::referenceNs).sum();
    double predicted = c.parts().stream().mapToDouble(PartMean::simulatedNs).sum();
    List<List<String>> rows = new ArrayList<>();
    c.parts().forEach(part -> rows.add(part(part, real)));
    if (!rows.isEmpty()) {
      rows.add(part(new PartMean("E2E", real, predicted), real));
    }
    return rows;
  }

  private static List<String> part(PartMean part, double e2eNs) {
    return List.of(
        part.part().replace('_', ' '),
        SummaryTable.millis(part.referenceNs()),
        SummaryTable.millis(part.simulatedNs()),
        SummaryTable.millis(part.errorNs()),
        SummaryTable.percent(e2eNs == 0 ? null : 100 * part.errorNs() / e2eNs));
  }

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
