package io.plumbline.jobs.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.Json;
import io.plumbline.jobs.report.CapacitySearches.Question;
import io.plumbline.jobs.table.ParetoRow;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** ECharts options of the plots of a capacity search. */
final class CapacityCharts {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final ObjectMapper JSON = new ObjectMapper();

  private CapacityCharts() {}

  /** The limit that differs between the objectives of a search, if it is one; else null. */
  static String limit(Question question) {
    Map<String, Set<String>> values = new TreeMap<>();
    for (ParetoRow row : question.found()) {
      Json.parseTree("slo", row.sloJson())
          .fields()
          .forEachRemaining(
              f ->
                  values
                      .computeIfAbsent(f.getKey(), k -> new HashSet<>())
                      .add(f.getValue().toString()));
    }
    List<String> varying =
        values.entrySet().stream()
            .filter(entry -> entry.getValue().size() > 1 && entry.getKey().endsWith("_seconds"))
            .map(Map.Entry::getKey)
            .toList();
    return varying.size() == 1 ? varying.get(0) : null;
  }

  /** The capacity of the best configuration of each device, against the limit that varies. */
  static ObjectNode againstLimit(Question question, String limit) {
    ObjectNode option = Charts.frame(limit, "value", "requests / s", "value");
    Map<String, TreeMap<Double, ParetoRow>> best = new LinkedHashMap<>();
    for (ParetoRow row : question.found()) {
      double seconds = Json.parseTree("slo", row.sloJson()).get(limit).asDouble();
      best.computeIfAbsent(row.device(), device -> new TreeMap<>())
          .merge(seconds, row, (a, b) -> perDevice(a) >= perDevice(b) ? a : b);
    }
    best.forEach(
        (device, rows) -> {
          ArrayNode data = series(option, device + ", best per device", "line");
          rows.forEach(
              (seconds, row) -> add(data, seconds, row.requestsPerSecond(), row.axesJson()));
        });
    return option;
  }

  private static double perDevice(ParetoRow row) {
    return row.requestsPerSecondPerDevice();
  }

  /** What is ranked by against a latency at capacity, with the front as a line. */
  static ObjectNode front(
      Question question,
      String name,
      Function<ParetoRow, Double> latency,
      Predicate<ParetoRow> on) {
    List<ParetoRow> rows =
        question.found().stream()
            .filter(row -> row.rank() != null && latency.apply(row) != null)
            .toList();
    ObjectNode option = Charts.frame(name + " ms", "log", rankedBy(question), "value");
    ToDoubleFunction<ParetoRow> millis = row -> latency.apply(row) / NANOS_PER_MILLI;
    String limit = limit(question);
    for (String slo : new TreeSet<>(rows.stream().map(ParetoRow::sloJson).toList())) {
      ArrayNode data = series(option, frontName(limit, slo), "line");
      rows.stream()
          .filter(row -> row.sloJson().equals(slo) && on.test(row))
          .sorted(Comparator.comparingDouble(millis))
          .forEach(row -> add(data, millis.applyAsDouble(row), ranked(row), row.axesJson()));
    }
    Map<String, ArrayNode> devices = new LinkedHashMap<>();
    for (ParetoRow row : rows) {
      add(
          devices.computeIfAbsent(row.device(), device -> series(option, device, "scatter")),
          millis.applyAsDouble(row),
          ranked(row),
          row.axesJson());
    }
    return option;
  }

  /** Told apart by the limit that differs, if one does; else by the whole objective. */
  private static String frontName(String limit, String slo) {
    return limit == null
        ? "front, " + CapacitySearches.plain(slo)
        : "front, %s=%s".formatted(limit, Json.parseTree("slo", slo).get(limit).asText());
  }

  private static String rankedBy(Question question) {
    return "requests per " + question.rows().get(0).rankBy();
  }

  private static double ranked(ParetoRow row) {
    return switch (row.rankBy()) {
      case "dollar" -> row.requestsPerDollar();
      case "watt" -> row.requestsPerJoule();
      default -> row.requestsPerSecondPerDevice();
    };
  }

  /** What a million output tokens cost against what the deployment costs an hour. */
  static ObjectNode cost(Question question) {
    ObjectNode option =
        Charts.frame("$ / hour of all devices", "value", "$ / 1M output tokens", "log");
    Map<String, ArrayNode> devices = new LinkedHashMap<>();
    for (ParetoRow row : question.found()) {
      if (row.dollarsPerMillionOutputTokens() != null) {
        add(
            devices.computeIfAbsent(row.device(), device -> series(option, device, "scatter")),
            row.devices() * row.devicePerHourDollars(),
            row.dollarsPerMillionOutputTokens(),
            row.axesJson());
      }
    }
    return option;
  }

  private static ArrayNode series(ObjectNode option, String name, String type) {
    ObjectNode series = Charts.series(option, name, type);
    series.put("symbolSize", 8);
    ArrayNode data = JSON.createArrayNode();
    series.set("data", data);
    return data;
  }

  private static void add(ArrayNode data, double x, double y, String what) {
    data.addArray().add(Charts.rounded(x)).add(Charts.rounded(y)).add(what);
  }
}
