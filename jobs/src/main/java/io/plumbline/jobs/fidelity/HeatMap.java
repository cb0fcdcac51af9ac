package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.error.ErrorMetrics;
import io.plumbline.jobs.error.Thresholds;
import io.plumbline.jobs.error.Verdict;
import io.plumbline.jobs.table.FidelityCellRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How far off each simulator is in each metric and statistic, as colours: a map for each group of
 * {@link CommonLeague}. The number and the verdict stand in every field, so no colour is needed.
 */
final class HeatMap {
  private static final String EXPLANATION =
      "Median size of the percent error over the cases that all simulators of a map predict. Green"
          + " passes, yellow only warns, red fails; the redder, the further off (of the median: the"
          + " matrix below has each case with its interval). The number of cases shows on hover.";

  private static final double DARKEST_PERCENT = 300;

  private final Thresholds thresholds;
  private final StringBuilder html = new StringBuilder();

  private HeatMap(Thresholds thresholds) {
    this.thresholds = thresholds;
  }

  /** A section of HTML; empty if nobody has a rival. */
  static String of(List<FidelityCellRow> cells, List<String> metrics, Thresholds thresholds) {
    List<CommonLeague.Group> groups = CommonLeague.groups(cells);
    if (groups.isEmpty()) {
      return "";
    }
    HeatMap map = new HeatMap(thresholds);
    map.html.append("<section><h2>Heat map</h2><p class=\"soft\">%s</p>\n".formatted(EXPLANATION));
    for (int number = 1; number <= groups.size(); number++) {
      map.add(groups.get(number - 1), number, metrics);
    }
    return map.html.append("</section>\n").toString();
  }

  /** A column. */
  private record Place(String metric, String statistic) {}

  private void add(CommonLeague.Group group, int number, List<String> metrics) {
    Set<Place> columns = new LinkedHashSet<>();
    for (String metric : metrics) {
      for (String statistic : statistics()) {
        if (group.cells().stream().anyMatch(cell -> isAt(cell, metric, statistic))) {
          columns.add(new Place(metric, statistic));
        }
      }
    }
    html.append(
        ("<div class=\"wide\" tabindex=\"0\"><table class=\"heat\"><caption>Group %d: %s</caption>"
                + "<thead><tr><th scope=\"col\">simulator</th>")
            .formatted(number, FidelityPage.escape(LeagueTables.cases(group))));
    for (Place column : columns) {
      html.append(
          "<th scope=\"col\">%s<br>%s</th>"
              .formatted(
                  column.metric().replace("_", "_<wbr>"),
                  column.statistic().equals("single") ? "" : column.statistic()));
    }
    html.append("</tr></thead><tbody>\n");
    for (String simulator : group.simulators()) {
      html.append("<tr><th scope=\"row\">%s</th>".formatted(FidelityPage.escape(simulator)));
      for (Place column : columns) {
        html.append(field(group, simulator, column));
      }
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div>\n");
  }

  private static List<String> statistics() {
    List<String> statistics = new ArrayList<>(SeriesScore.STATISTICS);
    statistics.add("single");
    return statistics;
  }

  private static boolean isAt(FidelityCellRow cell, String metric, String statistic) {
    return cell.metric().equals(metric) && cell.statistic().equals(statistic);
  }

  private String field(CommonLeague.Group group, String simulator, Place column) {
    double[] errors =
        group.of(simulator, column.metric()).stream()
            .filter(cell -> isAt(cell, column.metric(), column.statistic()))
            .mapToDouble(cell -> Math.abs(cell.percentError()))
            .toArray();
    if (errors.length == 0) {
      return "<td></td>";
    }
    double median = ErrorMetrics.percentile(errors, 0.5);
    Verdict verdict = thresholds.judge(median);
    return "<td style=\"--strength:%d%%\" class=\"%s\" title=\"%d case%s\">%s<br><small>%s</small></td>"
        .formatted(
            strength(median, verdict),
            verdict.name(),
            errors.length,
            errors.length == 1 ? "" : "s",
            String.format(Locale.ROOT, median < 10 ? "%.1f %%" : "%.0f %%", median),
            verdict.name().toLowerCase(Locale.ROOT));
  }

  /** From faint to strong, in percent of the colour; failures by the logarithm of the error. */
  private int strength(double percent, Verdict verdict) {
    if (verdict != Verdict.FAIL) {
      return 40;
    }
    double limit = Math.max(thresholds.warnPercent(), 1);
    double beyond = Math.log(percent / limit) / Math.log(Math.max(DARKEST_PERCENT / limit, 2));
    return (int) Math.round(18 + 62 * Math.max(0, Math.min(1, beyond)));
  }
}
