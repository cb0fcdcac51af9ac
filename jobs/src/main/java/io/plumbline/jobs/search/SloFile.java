package io.plumbline.jobs.search;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.jobs.sweep.Axes;
import io.plumbline.simulator.capacity.LatencyMetric;
import io.plumbline.simulator.capacity.Slo;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the objectives of a search file: {@code METRIC_pNN_seconds: LIMIT}, of any metric and
 * percentile, and {@code goodput: {percent, …_seconds}}. A list makes several objectives. The P99
 * of the scheduling delay is at most 5 s unless the file limits that delay itself, or says null: an
 * objective without it may hold while the queue grows for ever.
 */
final class SloFile {
  private static final String GOODPUT = "goodput";
  private static final String DEFAULT_KEY = "scheduling_delay_p99_seconds";
  private static final double DEFAULT_SECONDS = 5;
  private static final Pattern LIMIT_KEY =
      Pattern.compile(
          Stream.of(LatencyMetric.values())
              .map(LatencyMetric::word)
              .collect(Collectors.joining("|", "(", ")_p(\\d{1,3}(?:\\.\\d{1,4})?)_seconds")));

  /**
   * An objective and how it is written.
   *
   * @param json its keys, sorted, as a JSON object
   */
  record Named(Slo slo, String json) implements Serializable {}

  /** The value of one limit. */
  private record Limit(double seconds) {}

  private SloFile() {}

  /** All objectives of a node; empty if there were problems. */
  static List<Named> read(ConfNode node, Problems problems) {
    if (node.kind() != ConfNode.Kind.MAPPING) {
      problems.add(node, "must be a mapping such as {ttft_p90_seconds: 2}");
      return List.of();
    }
    List<Named> slos = new ArrayList<>();
    for (Axes.Point point : Axes.expand(node)) {
      Named slo = one(point.tree(), problems);
      if (slo != null && !slos.contains(slo)) {
        slos.add(slo);
      }
    }
    return problems.isEmpty() ? slos : List.of();
  }

  private static Named one(ConfNode tree, Problems problems) {
    List<Slo.Condition> conditions = new ArrayList<>();
    TreeMap<String, String> json = new TreeMap<>();
    boolean delayIsStated = false;
    for (var entry : tree.entries().entrySet()) {
      String key = entry.getKey();
      ConfNode value = entry.getValue();
      delayIsStated |= key.startsWith(LatencyMetric.SCHEDULING_DELAY.word() + "_");
      if (value.kind() == ConfNode.Kind.NULL) {
        continue;
      }
      Slo.Condition condition = condition(key, value, problems);
      if (condition == null) {
        return null;
      }
      conditions.add(condition);
      json.put(key, value.toJson());
    }
    if (!delayIsStated) {
      conditions.add(new Slo.LatencyLimit(LatencyMetric.SCHEDULING_DELAY, 99, DEFAULT_SECONDS));
      json.put(DEFAULT_KEY, "5");
    }
    if (conditions.isEmpty()) {
      problems.add(tree, "states no condition. Maybe ttft_p90_seconds: 2");
      return null;
    }
    return new Named(
        new Slo(conditions),
        json.entrySet().stream()
            .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
            .collect(Collectors.joining(",", "{", "}")));
  }

  private static Slo.Condition condition(String key, ConfNode value, Problems problems) {
    if (key.equals(GOODPUT)) {
      return RecordBinder.bind(value, Slo.Goodput.class, problems);
    }
    Matcher matcher = LIMIT_KEY.matcher(key);
    if (!matcher.matches()) {
      problems.add(
          value,
          "unknown condition. It is METRIC_pNN_seconds with METRIC one of %s, such as ttft_p90_seconds, or goodput."
              .formatted(
                  Stream.of(LatencyMetric.values())
                      .map(LatencyMetric::word)
                      .collect(Collectors.joining(", "))));
      return null;
    }
    Limit limit =
        RecordBinder.bind(
            ConfNode.parse(value.file(), "{}").with("seconds", value), Limit.class, problems);
    if (limit == null) {
      return null;
    }
    try {
      return new Slo.LatencyLimit(
          LatencyMetric.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
          Double.parseDouble(matcher.group(2)),
          limit.seconds());
    } catch (IllegalArgumentException e) {
      problems.add(value, e.getMessage());
      return null;
    }
  }
}
