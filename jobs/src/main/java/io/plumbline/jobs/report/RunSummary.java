package io.plumbline.jobs.report;

import io.plumbline.jobs.error.ErrorMetrics;
import io.plumbline.jobs.report.TextTable.Align;
import io.plumbline.jobs.table.RequestTimingRow;
import io.plumbline.jobs.table.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/** One run in the units of people. */
public final class RunSummary {
  private static final double[] FRACTIONS = {0.5, 0.9, 0.99};

  private RunSummary() {}

  /**
   * What became of the requests, and percentiles of the metrics of those that completed.
   *
   * @param requests of the run
   */
  public static String text(RunRow run, List<RequestTimingRow> requests) {
    List<RequestTimingRow> completed =
        requests.stream().filter(request -> request.outcome().equals("COMPLETED")).toList();
    TextTable table =
        new TextTable(
            List.of(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT),
            List.of("ms", "P50", "P90", "P99"));
    addLine(table, "TTFT", completed, RequestTimingRow::ttftNs);
    addLine(table, "TPOT", completed, RequestTimingRow::tpotNs);
    addLine(table, "E2E", completed, RequestTimingRow::e2eNs);
    addLine(table, "queueing", completed, RequestTimingRow::queueingNs);
    return "%d requests: %d completed, %d rejected, %d unfinished%s%n%n%s"
        .formatted(
            run.requests(),
            run.completed(),
            run.rejected(),
            run.unfinished(),
            throughput(run),
            table.text());
  }

  private static String throughput(RunRow run) {
    if (run.throughputRequestsPerSecond() == null) {
      return ".";
    }
    return String.format(
        Locale.ROOT,
        " in %.3f simulated s: %.3f requests/s, %.1f output tokens/s.",
        run.durationSeconds(),
        run.throughputRequestsPerSecond(),
        run.throughputTokensPerSecond());
  }

  private static void addLine(
      TextTable table,
      String metric,
      List<RequestTimingRow> requests,
      Function<RequestTimingRow, Number> nanos) {
    double[] values =
        requests.stream()
            .map(nanos)
            .filter(Objects::nonNull)
            .mapToDouble(Number::doubleValue)
            .toArray();
    List<String> cells = new ArrayList<>(List.of(metric));
    for (double fraction : FRACTIONS) {
      cells.add(
          values.length == 0
              ? "-"
              : SummaryTable.millis(ErrorMetrics.percentile(values, fraction)));
    }
    table.add(cells);
  }
}
