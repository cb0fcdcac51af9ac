package io.plumbline.jobs.sensitivity;

import io.plumbline.files.BadInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Sobol's indices and Morris's elementary effects over a full grid, all of whose points count the
 * same. On such a grid nothing is sampled: the indices are those of the grid's own distribution,
 * exact by the decomposition of variance.
 *
 * @see <a href="https://doi.org/10.1016/S0378-4754(00)00270-6">Sobol 2001</a>
 * @see <a href="https://doi.org/10.1080/00401706.1991.10484804">Morris 1991</a>
 */
public final class GridSensitivity {
  private final List<Point> points;
  private final Map<String, List<String>> valuesByAxis;

  /**
   * A point of the grid.
   *
   * @param axes value of each axis; every point has the same axes in the same order
   * @param metric value of the metric
   */
  public record Point(Map<String, String> axes, double metric) {}

  /**
   * Takes the points of a sweep.
   *
   * @throws BadInputException if they are no full grid
   */
  public GridSensitivity(List<Point> points) {
    this.points = List.copyOf(points);
    this.valuesByAxis = valuesByAxis(points);
    long full = valuesByAxis.values().stream().mapToLong(List::size).reduce(1, (a, b) -> a * b);
    Set<Map<String, String>> distinct =
        points.stream().map(Point::axes).collect(Collectors.toSet());
    if (points.isEmpty() || distinct.size() != points.size() || full != points.size()) {
      throw new BadInputException(
          "%d points with the metric are no full grid of %d (%s). Maybe finish the sweep, or choose a metric that every point has."
              .formatted(
                  points.size(),
                  full,
                  valuesByAxis.entrySet().stream()
                      .map(axis -> axis.getKey() + ": " + axis.getValue().size())
                      .collect(Collectors.joining(", "))));
    }
  }

  private static Map<String, List<String>> valuesByAxis(List<Point> points) {
    Map<String, LinkedHashSet<String>> values = new LinkedHashMap<>();
    for (Point point : points) {
      point
          .axes()
          .forEach(
              (axis, value) ->
                  values.computeIfAbsent(axis, name -> new LinkedHashSet<>()).add(value));
    }
    Map<String, List<String>> lists = new LinkedHashMap<>();
    values.forEach((axis, distinct) -> lists.put(axis, inOrder(distinct)));
    return lists;
  }

  /** Numbers by size, so that neighbours are neighbours; other values as they came. */
  private static List<String> inOrder(Set<String> values) {
    List<String> ordered = new ArrayList<>(values);
    if (ordered.stream().allMatch(value -> value.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?"))) {
      ordered.sort((a, b) -> Double.compare(Double.parseDouble(a), Double.parseDouble(b)));
    }
    return ordered;
  }

  /** The indices of all axes, in the order of the axes. */
  public List<AxisIndex> indices() {
    double variance = variance(points.stream().map(Point::metric).toList());
    return valuesByAxis.keySet().stream().map(axis -> index(axis, variance)).toList();
  }

  private AxisIndex index(String axis, double variance) {
    Double first = null;
    Double total = null;
    if (variance > 0) {
      first = variance(meansBy(point -> Map.of(axis, point.axes().get(axis)))) / variance;
      total = 1 - variance(meansBy(point -> without(point, axis))) / variance;
    }
    List<Double> effects = effects(axis);
    Double size =
        effects.isEmpty() ? null : effects.stream().mapToDouble(Math::abs).average().orElseThrow();
    Double deviation =
        effects.size() < 2
            ? null
            : Math.sqrt(variance(effects) * effects.size() / (effects.size() - 1));
    return new AxisIndex(axis, valuesByAxis.get(axis).size(), first, total, size, deviation);
  }

  /** Means of the points that share a key; on a full grid each mean is of equally many. */
  private List<Double> meansBy(Function<Point, Map<String, String>> key) {
    return List.copyOf(
        points.stream()
            .collect(Collectors.groupingBy(key, Collectors.averagingDouble(Point::metric)))
            .values());
  }

  private static Map<String, String> without(Point point, String axis) {
    Map<String, String> others = new TreeMap<>(point.axes());
    others.remove(axis);
    return others;
  }

  /** Changes of the metric from each value of an axis to the next one, all else equal. */
  private List<Double> effects(String axis) {
    List<String> values = valuesByAxis.get(axis);
    Map<Map<String, String>, double[]> lines = new HashMap<>();
    for (Point point : points) {
      lines
              .computeIfAbsent(without(point, axis), others -> new double[values.size()])[
              values.indexOf(point.axes().get(axis))] =
          point.metric();
    }
    List<Double> effects = new ArrayList<>();
    for (double[] line : lines.values()) {
      for (int i = 1; i < line.length; i++) {
        effects.add(line[i] - line[i - 1]);
      }
    }
    return effects;
  }

  private static double variance(List<Double> values) {
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    return values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElse(0);
  }
}
