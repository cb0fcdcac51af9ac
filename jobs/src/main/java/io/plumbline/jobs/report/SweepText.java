package io.plumbline.jobs.report;

import io.plumbline.jobs.report.ReportData.SweepPoint;
import io.plumbline.jobs.table.RunRow;
import java.util.List;

/** The table of sweep points, the same in Markdown and HTML. */
final class SweepText {
  static final List<String> HEADER =
      List.of(
          "sweep",
          "point",
          "scheduler",
          "device",
          "completed",
          "requests/s",
          "tokens/s",
          "TTFT P50, ms",
          "TTFT P99, ms",
          "TPOT P99, ms",
          "busy, %",
          "MFU, %");

  private static final int FIRST_NUMBER = 4;

  private SweepText() {}

  static boolean isNumber(int column) {
    return column >= FIRST_NUMBER;
  }

  static List<String> cells(SweepPoint point) {
    RunRow run = point.run();
    return List.of(
        point.sweep(),
        axes(point.axesJson()),
        text(run.scheduler()),
        text(run.device()),
        run.completed() + "/" + run.requests(),
        text(RunFacts.number(run.throughputRequestsPerSecond(), "%.2f")),
        text(RunFacts.number(run.throughputTokensPerSecond(), "%.1f")),
        millis(point.ttftP50Ns()),
        millis(point.ttftP99Ns()),
        millis(point.tpotP99Ns()),
        text(RunFacts.number(point.busyPercent(), "%.1f")),
        text(RunFacts.number(point.mfuPercent(), "%.1f")));
  }

  /** {@code {"a":1,"b":"x"}} as {@code a=1 b=x}, which is what a person would write. */
  private static String axes(String json) {
    return json.replaceAll("[{}\"]", "").replace(":", "=").replace(",", " ");
  }

  private static String text(String value) {
    return value == null ? "–" : value;
  }

  private static String millis(Double nanos) {
    return nanos == null ? "–" : SummaryTable.millis(nanos);
  }
}
