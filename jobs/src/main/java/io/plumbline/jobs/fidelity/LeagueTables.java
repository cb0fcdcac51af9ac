package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.fidelity.CommonLeague.Group;
import io.plumbline.jobs.fidelity.CommonLeague.Standing;
import io.plumbline.jobs.table.LeagueTableRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The league tables of a report: like with like, and what each simulator did where it was asked.
 */
final class LeagueTables {
  private LeagueTables() {}

  /** One row per simulator of a group. */
  static ReportTable common(FidelityMatrix.Result made) {
    List<Group> groups = CommonLeague.groups(made.cells());
    List<String> shown =
        FidelityTables.METRICS.stream()
            .filter(
                metric ->
                    groups.stream()
                        .flatMap(group -> group.cells().stream())
                        .anyMatch(cell -> cell.metric().equals(metric)))
            .toList();
    List<String> header = new ArrayList<>(List.of("group", "simulator"));
    header.addAll(shown);
    header.add("closest");
    ReportTable table =
        new ReportTable(
            "League table",
            "Like with like: a group is what the very same simulators predict, and only rows of one"
                + " group compare. Median size of the percent error over its cells, its interval"
                + " over draws of cases from %d cases on, and n, the number of cases. Closest: cells on"
                    .formatted(CommonLeague.CASES_OF_AN_INTERVAL)
                + " which nobody is closer.%s"
                    .formatted(groups.isEmpty() ? " No two simulators predict the same here." : ""),
            header);
    for (int number = 1; number <= groups.size(); number++) {
      Group group = groups.get(number - 1);
      for (String simulator : group.simulators()) {
        table.add(commonRow(group, number, simulator, shown, made.rules()));
      }
    }
    return table;
  }

  private static List<String> commonRow(
      Group group, int number, String simulator, List<String> shown, ScoringRules rules) {
    List<String> row = new ArrayList<>(List.of(Integer.toString(number), simulator));
    long closest = 0;
    long cells = 0;
    for (String metric : shown) {
      Standing standing = CommonLeague.standing(group, simulator, metric, rules);
      row.add(standing == null ? FidelityTables.NOTHING : text(standing));
      closest += standing == null ? 0 : standing.closest();
      cells += standing == null ? 0 : standing.cells();
    }
    row.add("%d of %d".formatted(closest, cells));
    return row;
  }

  private static String text(Standing standing) {
    String interval =
        standing.interval() == null
            ? ""
            : String.format(
                Locale.ROOT,
                " [%.1f, %.1f]",
                standing.interval().low(),
                standing.interval().high());
    return FidelityTables.unsigned(standing.median()) + interval + " n=" + standing.cases();
  }

  static ReportTable allCases(List<LeagueTableRow> rows) {
    Map<String, Map<String, LeagueTableRow>> bySimulator = new LinkedHashMap<>();
    for (LeagueTableRow row : rows) {
      bySimulator
          .computeIfAbsent(row.simulator(), name -> new LinkedHashMap<>())
          .put(row.metric(), row);
    }
    List<String> shown =
        FidelityTables.METRICS.stream()
            .filter(metric -> rows.stream().anyMatch(row -> row.metric().equals(metric)))
            .toList();
    List<String> header = new ArrayList<>(List.of("simulator", "cases"));
    header.addAll(shown);
    header.addAll(List.of("pass / warn / fail", "wins"));
    ReportTable table =
        new ReportTable(
            "All cases of each simulator",
            "Median size of the percent error over all cases and statistics, by metric. The cases"
                + " differ from row to row, so medians of two rows do not compare; the table above"
                + " does. A win is a statistic of a case that others predict too and nobody closer.",
            header);
    bySimulator.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> table.add(leagueRow(entry.getKey(), entry.getValue(), shown)));
    return table;
  }

  private static List<String> leagueRow(
      String simulator, Map<String, LeagueTableRow> byMetric, List<String> shown) {
    List<String> cells = new ArrayList<>();
    cells.add(simulator);
    cells.add(
        Long.toString(byMetric.values().stream().mapToLong(LeagueTableRow::cases).max().orElse(0)));
    for (String metric : shown) {
      LeagueTableRow row = byMetric.get(metric);
      cells.add(
          row == null
              ? FidelityTables.NOTHING
              : FidelityTables.unsigned(row.medianAbsolutePercentError()));
    }
    long passed = byMetric.values().stream().mapToLong(LeagueTableRow::passed).sum();
    long warned = byMetric.values().stream().mapToLong(LeagueTableRow::warned).sum();
    long failed = byMetric.values().stream().mapToLong(LeagueTableRow::failed).sum();
    cells.add("%d / %d / %d".formatted(passed, warned, failed));
    long wins = byMetric.values().stream().mapToLong(LeagueTableRow::wins).sum();
    long contested = byMetric.values().stream().mapToLong(LeagueTableRow::contested).sum();
    cells.add("%d of %d".formatted(wins, contested));
    return cells;
  }
}
