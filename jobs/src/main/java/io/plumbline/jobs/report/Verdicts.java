package io.plumbline.jobs.report;

import io.plumbline.jobs.error.Thresholds;
import io.plumbline.jobs.error.Verdict;
import io.plumbline.jobs.report.ReportData.Compared;
import io.plumbline.jobs.report.ReportData.PartMean;
import io.plumbline.jobs.table.ErrorSummaryRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** The verdicts in plain words, the same in Markdown and HTML: what fails, and how sure that is. */
final class Verdicts {
  static final String TITLE = "Verdicts";

  private static final double SMALL_SAMPLE = 100;

  private Verdicts() {}

  /** P50 and P99 of TTFT, TPOT and E2E, as far as there are any. */
  static List<ErrorSummaryRow> head(Compared c) {
    return Stream.of("ttft", "tpot", "e2e")
        .flatMap(metric -> Stream.of(c.statistic(metric, "p50"), c.statistic(metric, "p99")))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The verdict of the error that is furthest off. */
  static String worst(Compared c) {
    return largest(c) == null ? "FAIL" : largest(c).verdict();
  }

  private static ErrorSummaryRow largest(Compared c) {
    return head(c).stream()
        .max(
            Comparator.comparingDouble(
                row ->
                    row.percentError() == null
                        ? Double.POSITIVE_INFINITY
                        : Math.abs(row.percentError())))
        .orElse(null);
  }

  /** The page in a line. */
  static String headline(ReportData data) {
    if (data.comparisons().isEmpty()) {
      return "Simulated runs, not yet compared";
    }
    if (data.comparisons().size() > 1) {
      long failed = data.comparisons().stream().filter(c -> worst(c).equals("FAIL")).count();
      return "%d of %d comparisons fail".formatted(failed, data.comparisons().size());
    }
    Compared only = data.comparisons().get(0);
    ErrorSummaryRow row = largest(only);
    return row == null
        ? "How far the simulation is from the measurement"
        : "%s: %s, %s"
            .formatted(
                ReportData.name(only.simulated()),
                size(row),
                row.verdict().toLowerCase(Locale.ROOT));
  }

  /** What a comparison comes to. */
  static String sentence(Compared c) {
    List<ErrorSummaryRow> rows = head(c);
    if (rows.isEmpty()) {
      return "No metric of requests was compared.";
    }
    long passed = rows.stream().filter(row -> row.verdict().equals("PASS")).count();
    List<String> words = new ArrayList<>();
    words.add("%d of %d latencies pass.".formatted(passed, rows.size()));
    ErrorSummaryRow worst = largest(c);
    words.add("Furthest off: %s%s.".formatted(size(worst), sure(c, worst)));
    if (worst.samples() < SMALL_SAMPLE) {
      words.add(
          "Of %d requests, P99 is nearly the maximum and the interval is too narrow."
              .formatted(worst.samples()));
    }
    PartMean part =
        c.parts().stream().max(Comparator.comparingDouble(p -> Math.abs(p.errorNs()))).orElse(null);
    if (part != null && part.errorNs() != 0) {
      words.add(
          "Of the parts of E2E, %s is furthest off: %s ms measured, %s ms simulated."
              .formatted(
                  part.part().replace('_', ' '),
                  SummaryTable.millis(part.referenceNs()),
                  SummaryTable.millis(part.simulatedNs())));
    }
    return String.join(" ", words);
  }

  private static String size(ErrorSummaryRow row) {
    String what = Metrics.title(row.metric()) + " " + Metrics.statistic(row.statistic());
    Double error = row.percentError();
    if (error == null) {
      return what + " is 0 in the reference and not in the simulation";
    }
    return error == 0
        ? what + " exact"
        : String.format(
            Locale.ROOT, "%s %.1f %% too %s", what, Math.abs(error), error < 0 ? "low" : "high");
  }

  private static String sure(Compared c, ErrorSummaryRow row) {
    ErrorInterval interval = c.interval(row);
    if (interval == null) {
      return " (interval unknown)";
    }
    Thresholds limits = new Thresholds(row.passPercent(), row.warnPercent());
    boolean oneSided = interval.low() > 0 || interval.high() < 0;
    double least = Math.min(Math.abs(interval.low()), Math.abs(interval.high()));
    double most = Math.max(Math.abs(interval.low()), Math.abs(interval.high()));
    Verdict best = limits.judge(oneSided ? least : 0.0);
    Verdict worst = limits.judge(most);
    return " (95 %% interval: %s; %s)"
        .formatted(
            interval.words(),
            best == worst
                ? "sure: all of it is " + best
                : "not sure: it reaches from %s to %s".formatted(best, worst));
  }

  /** An error in a cell, with its interval where there is one. */
  static String cell(Compared c, ErrorSummaryRow row) {
    ErrorInterval interval = c.interval(row);
    String percent = SummaryTable.percent(row.percentError()) + " %";
    return interval == null
        ? percent
        : "%s [%s, %s]"
            .formatted(
                percent,
                SummaryTable.percent(interval.low()),
                SummaryTable.percent(interval.high()));
  }

  /** The commands that make a comparison again. */
  static List<String> commands(Compared c) {
    ErrorSummaryRow any = c.summary().get(0);
    String runs =
        " --reference %s --simulated %s".formatted(c.reference().runId(), c.simulated().runId());
    return List.of(
        "./plumbline compare%s --pass %s --warn %s%s"
            .formatted(
                runs,
                ReportText.plain(any.passPercent()),
                ReportText.plain(any.warnPercent()),
                any.droppedRequests() > 0 ? " --allow-partial" : ""),
        "./plumbline attribute" + runs,
        "./plumbline report --comparison " + c.id(),
        "./plumbline sql \"SELECT * FROM error_summary WHERE comparison_id = '%s'\""
            .formatted(c.id()),
        "./plumbline sql --json \"SELECT spec_json FROM run WHERE run_id = '%s'\""
            .formatted(c.simulated().runId()));
  }
}
