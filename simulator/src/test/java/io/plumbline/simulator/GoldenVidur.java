package io.plumbline.simulator;

import io.plumbline.simulator.latency.HostOperator;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.simulator.latency.TokenOperator;
import io.plumbline.simulator.metrics.BatchWindow;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Reads one recorded run of the original Vidur: its requests, tables, stages and final times. */
final class GoldenVidur {
  private static final int MAX_TOKENS = 4096;
  private static final int MAX_BATCH_TOKENS = 128 * MAX_TOKENS; // Orca's
  private static final int KV_GRANULARITY = 64;

  final Path folder;
  final String config;
  final double[] arrivalSeconds;
  final Workload workload;

  GoldenVidur(Path folder) {
    this.folder = folder;
    this.config = text(folder.resolve("config.json"));
    List<Map<String, String>> rows = csv(folder.resolve("requests.csv"));
    arrivalSeconds = new double[rows.size()];
    List<Request> requests = new ArrayList<>();
    long latest = 0;
    for (Map<String, String> row : rows) {
      int id = requests.size();
      arrivalSeconds[id] = Double.parseDouble(row.get("arrived_at"));
      latest = Math.max(latest, Math.round(arrivalSeconds[id] * 1e9));
      requests.add(
          new Request(
              id,
              latest,
              (int) Double.parseDouble(row.get("num_prefill_tokens")),
              (int) Double.parseDouble(row.get("num_decode_tokens"))));
    }
    workload = new Workload(requests);
  }

  /** Value of a key inside a section of the configuration; sections repeat some keys. */
  String config(String section, String key) {
    int from = section.isEmpty() ? 0 : config.indexOf("\"" + section + "\"");
    Matcher matcher =
        Pattern.compile("\"" + key + "\": \"?([^\",\\n}]+)").matcher(config.substring(from));
    if (!matcher.find()) {
      throw new IllegalArgumentException(section + "." + key + " is not in " + folder);
    }
    return matcher.group(1).trim();
  }

  int configInt(String section, String key) {
    return Integer.parseInt(config(section, key));
  }

  BatchWindow batchWindow() {
    String first = config("metrics_config", "min_batch_index");
    String last = config("metrics_config", "max_batch_index");
    return new BatchWindow(
        first.equals("null") ? 0 : Long.parseLong(first),
        last.equals("null") ? Long.MAX_VALUE : Long.parseLong(last));
  }

  List<Map<String, String>> requestMetrics() {
    return csv(folder.resolve("request_metrics.csv"));
  }

  List<Map<String, String>> requestFinal() {
    return csv(folder.resolve("request_final.csv"));
  }

  List<Map<String, String>> batchStages() {
    return csv(folder.resolve("batch_stages.csv.gz"));
  }

  /** A table that the run's metrics store wrote; empty if it is not kept. */
  List<Map<String, String>> metricsTable(String name) {
    for (String suffix : List.of(".csv", ".csv.gz")) {
      Path file = folder.resolve("metrics").resolve(name + suffix);
      if (Files.exists(file)) {
        return csv(file);
      }
    }
    return List.of();
  }

  /** Minimum, maximum and mean that the metrics store wrote of a series; empty if not kept. */
  double[] metricsSummary(String name) {
    Path file = folder.resolve("metrics").resolve(name + ".json");
    if (!Files.exists(file)) {
      return new double[0];
    }
    return Pattern.compile(": ([-+.eE0-9]+)")
        .matcher(text(file))
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .toArray();
  }

  /** A slice of the Chrome trace that the run wrote, times in microseconds. */
  record Slice(
      double startMicros,
      double durationMicros,
      int replica,
      int stage,
      int batch,
      String requestIds,
      String tokens) {}

  List<Slice> chromeTrace() {
    Pattern slice =
        Pattern.compile(
            "\"ts\": ([^,]+), \"dur\": ([^,]+), \"pid\": (\\d+), \"tid\": (\\d+), \"args\":"
                + " \\{\"batch_id\": (\\d+), \"batch_size\": \\d+, \"request_ids\":"
                + " \\[([^]]*)\\], \"num_tokens\": \\[([^]]*)\\]");
    try (BufferedReader reader = open(folder.resolve("chrome_trace.json.gz"))) {
      return slice
          .matcher(reader.readLine())
          .results()
          .map(
              found ->
                  new Slice(
                      Double.parseDouble(found.group(1)),
                      Double.parseDouble(found.group(2)),
                      Integer.parseInt(found.group(3)),
                      Integer.parseInt(found.group(4)),
                      Integer.parseInt(found.group(5)),
                      found.group(6),
                      found.group(7).replace(".0", "")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean hasMetrics() {
    return Files.isDirectory(folder.resolve("metrics"));
  }

  /** KV blocks in use at the end of the run, by replica. */
  List<Integer> blocksLeft() {
    Matcher matcher =
        Pattern.compile("\"allocated_blocks\": (\\d+)")
            .matcher(text(folder.resolve("summary.json")));
    return matcher.results().map(found -> Integer.valueOf(found.group(1))).toList();
  }

  /** The prediction tables that the run used. */
  static OperatorTimes tables(Path folder) {
    Map<TokenOperator, double[]> byTokens = new EnumMap<>(TokenOperator.class);
    for (TokenOperator operator : TokenOperator.values()) {
      byTokens.put(operator, byKey(folder.resolve(operator.profileName() + ".csv")));
    }
    Map<Long, Double> decode = new HashMap<>();
    forEachRow(
        folder.resolve("attn_decode.csv"), v -> decode.put((long) v[0] << 32 | (long) v[1], v[2]));
    double[][] prefill = new double[MAX_TOKENS / KV_GRANULARITY + 1][MAX_TOKENS + 1];
    forEachRow(
        folder.resolve("attn_prefill.csv.gz"),
        v -> prefill[(int) v[0] / KV_GRANULARITY][(int) Math.sqrt(v[1])] = v[2]);
    Map<HostOperator, double[]> host = new EnumMap<>(HostOperator.class);
    for (HostOperator operator : HostOperator.values()) {
      host.put(operator, byKey(folder.resolve(operator.profileName() + ".csv")));
    }
    return new OperatorTimes() {
      @Override
      public double tokenOperatorMs(TokenOperator operator, int tokens) {
        return byTokens.get(operator)[tokens];
      }

      @Override
      public double decodeAttentionMs(int batchSize, int kvTokens) {
        return decode.get((long) batchSize << 32 | kvTokens);
      }

      @Override
      public double prefillAttentionMs(int kvTokens, int chunkTokens) {
        return prefill[kvTokens / KV_GRANULARITY][chunkTokens];
      }

      @Override
      public double hostOperatorMs(HostOperator operator, int batchSize) {
        return host.get(operator)[batchSize];
      }
    };
  }

  /** Zeroes where there is no table. */
  private static double[] byKey(Path file) {
    double[] table = new double[MAX_BATCH_TOKENS + 1];
    if (Files.exists(file)) {
      Arrays.fill(table, Double.NaN);
      forEachRow(file, v -> table[(int) v[0]] = v[1]);
    }
    return table;
  }

  private interface RowConsumer {
    void accept(double[] values);
  }

  private static void forEachRow(Path file, RowConsumer consumer) {
    try (BufferedReader reader = open(file)) {
      reader.readLine();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        consumer.accept(
            Arrays.stream(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Map<String, String>> csv(Path file) {
    try (BufferedReader reader = open(file)) {
      String[] header = reader.readLine().split(",", -1);
      List<Map<String, String>> rows = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] values = line.split(",", -1);
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < header.length; i++) {
          row.put(header[i], values[i]);
        }
        rows.add(row);
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return new BufferedReader(
        new InputStreamReader(
            file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in,
            StandardCharsets.UTF_8));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
