package io.plumbline.jobs.report;

import io.plumbline.jobs.error.TimeParts;
import io.plumbline.jobs.error.TimeParts.Mean;
import io.plumbline.jobs.error.TimeParts.Part;
import io.plumbline.jobs.report.TextTable.Align;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the gap between a run and its simulation is made of, for people. */
public final class GapTable {
  /** What the columns are. */
  static final List<String> HEADER =
      List.of("part", "measured", "simulated", "difference", "of the gap, %");

  /** Operators that are listed by name; the others are small. */
  private static final int OPERATORS = 6;

  private GapTable() {}

  /** As plain text. */
  public static String text(TimeParts parts) {
    TextTable table =
        new TextTable(
            List.of(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT), HEADER);
    rows(parts).forEach(table::add);
    return table.text();
  }

  /** Lines below the header. */
  static List<List<String>> rows(TimeParts parts) {
    Part total = parts.total();
    double gap = total.simulatedSeconds() - total.referenceSeconds();
    List<List<String>> rows = new ArrayList<>();
    parts.parts().forEach(part -> rows.add(row(part, gap)));
    rows.add(row(total, gap));
    parts.operators().entrySet().stream()
        .limit(OPERATORS)
        .forEach(
            operator ->
                rows.add(
                    List.of(
                        "of forward and sample: " + operator.getKey(),
                        "",
                        number("%.3f s", operator.getValue()),
                        "",
                        "")));
    rows.add(
        List.of(
            "iterations",
            Long.toString(parts.referenceIterations()),
            Long.toString(parts.simulatedIterations()),
            Long.toString(parts.simulatedIterations() - parts.referenceIterations()),
            ""));
    parts.means().forEach(mean -> rows.add(row(mean)));
    return rows;
  }

  private static List<String> row(Part part, double gap) {
    double difference = part.simulatedSeconds() - part.referenceSeconds();
    return List.of(
        part.name(),
        number("%.3f s", part.referenceSeconds()),
        number("%.3f s", part.simulatedSeconds()),
        number("%+.3f s", difference),
        gap == 0 ? "-" : number("%.0f", 100 * difference / gap));
  }

  private static List<String> row(Mean mean) {
    Double measured = mean.referenceMs();
    Double simulated = mean.simulatedMs();
    return List.of(
        mean.name(),
        millis("%.3f ms", measured),
        millis("%.3f ms", simulated),
        millis("%+.3f ms", measured == null || simulated == null ? null : simulated - measured),
        "");
  }

  private static String millis(String format, Double value) {
    return value == null ? "-" : number(format, value);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
