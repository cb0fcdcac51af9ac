package io.plumbline.jobs.report;

import io.plumbline.jobs.report.TextTable.Align;
import io.plumbline.jobs.table.ErrorSummaryRow;
import java.util.List;
import java.util.Locale;

/** The error summary in the units of people: milliseconds and percent. */
public final class SummaryTable {
  private static final double NANOS_PER_MILLI = 1e6;

  private SummaryTable() {}

  /** One comparison as plain text. */
  public static String text(List<ErrorSummaryRow> summary) {
    TextTable table =
        new TextTable(
            List.of(
                Align.LEFT,
                Align.LEFT,
                Align.RIGHT,
                Align.RIGHT,
                Align.RIGHT,
                Align.LEFT,
                Align.RIGHT),
            List.of(
                "metric",
                "statistic",
                "reference ms",
                "simulated ms",
                "error %",
                "verdict",
                "samples"));
    for (ErrorSummaryRow row : summary) {
      table.add(
          List.of(
              row.metric(),
              row.statistic(),
              millis(row.referenceNs()),
              millis(row.simulatedNs()),
              percent(row.percentError()),
              row.verdict(),
              Long.toString(row.samples())));
    }
    return table.text();
  }

  static String millis(double nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_MILLI);
  }

  /** Signed, with one digit; a dash where the reference is 0 and the simulated value is not. */
  static String percent(Double percent) {
    if (percent == null) {
      return "-";
    }
    // Zero without a sign: +0.0 reads as if something had been added.
    String text = String.format(Locale.ROOT, "%+.1f", percent);
    return text.equals("+0.0") || text.equals("-0.0") ? "0.0" : text;
  }
}
