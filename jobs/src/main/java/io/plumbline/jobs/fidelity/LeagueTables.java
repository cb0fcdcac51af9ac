package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.fidelity.CommonLeague.Group;
import io.plumbline.jobs.fidelity.CommonLeague.Standing;
import io.plumbline.jobs.table.FidelityCellRow;
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

  /** Those of groups, then that of all cases. */
  static List<ReportTable> of(FidelityMatrix.Result made, List<LeagueTableRow> allCases) {
    List<ReportTable> tables = new ArrayList<>();
    List<Group> groups = CommonLeague.groups(made.cells());
    for (int number = 1; number <= groups.size(); number++) {
      tables.add(common(groups.get(number - 1), number, made.rules()));
    }
    tables.add(allCases(allCases));
    return tables;
  }

  /** One row per simulator of a group. */
  private static ReportTable common(Group group, int number, ScoringRules rules) {
    List<String> shown =
        FidelityTables.METRICS.stream()
            .filter(metric -> group.cells().stream().anyMatch(c -> c.metric().equals(metric)))
            .toList();
    List<String> header = new ArrayList<>(List.of("simulator"));
    header.addAll(shown);
    header.add("closest");
    ReportTable table =
        new ReportTable(
            "League table, group %d: %s".formatted(number, cases(group)),
            number == 1
                ? ("Like with like: a group is what the very same simulators predict. Median size of"
                        + " the percent error over its cells, the interval of that over draws of"
                        + " cases from %d cases on, and n, the number of cases. Closest: cells on"
                        + " which nobody is closer.")
                    .formatted(CommonLeague.CASES_OF_AN_INTERVAL)
                : "From " + names(group).get(0) + " on.",
            header);
    group.simulators().forEach(simulator -> table.add(row(group, simulator, shown, rules)));
    return table;
  }

  /** How many cases; the name of one alone. */
  static String cases(Group group) {
    List<String> names = names(group);
    return names.size() == 1 ? names.get(0) : names.size() + " cases";
  }

  private static List<String> names(Group group) {
    return group.cells().stream().map(FidelityCellRow::caseName).distinct().sorted().toList();
  }

  private static List<String> row(
      Group group, String simulator, List<String> shown, ScoringRules rules) {
    List<String> row = new ArrayList<>(List.of(simulator));
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

  private static ReportTable allCases(List<LeagueTableRow> rows) {
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
                + " differ from row to row, so medians of two rows do not compare; groups"
                + " do. A win is a statistic of a case that others predict too and nobody closer.",
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
