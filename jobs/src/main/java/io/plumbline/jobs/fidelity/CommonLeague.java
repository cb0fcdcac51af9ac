package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.table.FidelityCellRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Simulators like with like. A cell is a statistic of a metric of a case. A group is all metrics of
 * cases that the very same simulators predict, in those statistics that all of them state: within a
 * group, everyone is judged on the same cells.
 */
final class CommonLeague {
  /** Of fewer cases nobody can say how much it matters which ones they are. */
  static final int CASES_OF_AN_INTERVAL = 5;

  private static final double[] MEDIAN = {0.5};

  /** What is predicted. */
  private record Place(String caseName, String basis, String metric, String statistic) {}

  /**
   * Cells of the same simulators.
   *
   * @param simulators in order of their names
   * @param cells of all of them
   */
  record Group(List<String> simulators, List<FidelityCellRow> cells) {
    /** Those of one simulator and metric. */
    List<FidelityCellRow> of(String simulator, String metric) {
      return cells.stream()
          .filter(cell -> cell.simulator().equals(simulator) && cell.metric().equals(metric))
          .toList();
    }
  }

  /**
   * How far off a simulator is on a group's cells of a metric.
   *
   * @param cases of these cells
   * @param median size of the percent error; %
   * @param interval of the median over draws of cases; null if there are too few
   * @param closest cells on which nobody is closer
   * @param cells of the simulator and metric
   */
  record Standing(int cases, double median, Interval interval, long closest, int cells) {}

  /** A metric of a case. */
  private record Predicted(String caseName, String basis, String metric) {}

  private CommonLeague() {}

  /** Groups of at least two simulators, those of most cells first. */
  static List<Group> groups(List<FidelityCellRow> cells) {
    Map<Predicted, List<FidelityCellRow>> predicted = new LinkedHashMap<>();
    for (FidelityCellRow cell : cells) {
      if (cell.percentError() != null) {
        Predicted of = new Predicted(cell.caseName(), cell.basis(), cell.metric());
        predicted.computeIfAbsent(of, metric -> new ArrayList<>()).add(cell);
      }
    }
    Map<List<String>, List<FidelityCellRow>> groups = new LinkedHashMap<>();
    for (List<FidelityCellRow> same : predicted.values()) {
      Set<String> names = new TreeSet<>();
      same.forEach(cell -> names.add(cell.simulator()));
      if (names.size() > 1) {
        groups
            .computeIfAbsent(List.copyOf(names), group -> new ArrayList<>())
            .addAll(inAllOf(names, same));
      }
    }
    groups.values().removeIf(List::isEmpty);
    return groups.entrySet().stream()
        .map(group -> new Group(group.getKey(), group.getValue()))
        .sorted(
            Comparator.comparingInt((Group group) -> -group.cells().size())
                .thenComparing(group -> group.simulators().toString()))
        .toList();
  }

  /** The cells of those statistics that all simulators state. */
  private static List<FidelityCellRow> inAllOf(Set<String> names, List<FidelityCellRow> cells) {
    Map<String, Set<String>> stating = new LinkedHashMap<>();
    for (FidelityCellRow cell : cells) {
      stating.computeIfAbsent(cell.statistic(), statistic -> new TreeSet<>()).add(cell.simulator());
    }
    return cells.stream().filter(cell -> stating.get(cell.statistic()).equals(names)).toList();
  }

  private static Place place(FidelityCellRow cell) {
    return new Place(cell.caseName(), cell.basis(), cell.metric(), cell.statistic());
  }

  /**
   * The standing of a simulator of a group in a metric; null if the group has no cell of it. Draws
   * take whole cases, as the statistics of one case err together, and the same for everyone.
   */
  static Standing standing(Group group, String simulator, String metric, ScoringRules rules) {
    List<FidelityCellRow> cells = group.of(simulator, metric);
    if (cells.isEmpty()) {
      return null;
    }
    Map<String, Integer> cases = new TreeMap<>();
    cells.forEach(cell -> cases.put(cell.caseName(), 0));
    int next = 0;
    for (Map.Entry<String, Integer> entry : cases.entrySet()) {
      entry.setValue(next++);
    }
    CountedValues errors = new CountedValues(cells.size());
    cells.forEach(cell -> errors.add(Math.abs(cell.percentError()), cases.get(cell.caseName()), 1));
    Sample sample = errors.sample();
    Resampling resampling = new Resampling(rules.seed(), cases.size(), 1, 1);
    double median = sample.statistics(MEDIAN, resampling.all().reference())[1];
    Interval interval = null;
    if (cases.size() >= CASES_OF_AN_INTERVAL) {
      double[] drawn = new double[rules.resamples()];
      for (int b = 0; b < drawn.length; b++) {
        drawn[b] = sample.statistics(MEDIAN, resampling.next().reference())[1];
      }
      interval = Interval.of(drawn, rules.confidencePercent());
    }
    return new Standing(
        cases.size(), median, interval, closest(group, simulator, metric), cells.size());
  }

  private static long closest(Group group, String simulator, String metric) {
    Map<Place, Double> least = new LinkedHashMap<>();
    for (String rival : group.simulators()) {
      group.of(rival, metric).forEach(c -> least.merge(place(c), c.absoluteError(), Math::min));
    }
    return group.of(simulator, metric).stream()
        .filter(cell -> cell.absoluteError() <= least.get(place(cell)))
        .count();
  }
}
