package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.JsonFields;
import io.plumbline.files.JsonLines;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.jobs.table.SummaryPoint.Clock;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Exports of NVIDIA's GenAI-Perf and of its successor AIPerf: {@code …_genai_perf.json} and {@code
 * …_aiperf.json} (schema 1.0 to 1.5, or from before it was numbered) as summaries, {@code
 * profile_export.jsonl} of AIPerf as a run. Perf Analyzer's own {@code profile_export.json} counts
 * no tokens and is not taken.
 *
 * <p>The clock is the client's. A request arrives when it is sent ({@code request_start_ns});
 * {@code time_to_first_token} ends with the first chunk, {@code inter_token_latency} is our TPOT
 * and {@code inter_chunk_latency} the gap between chunks, which gives token times where there is
 * one chunk per token. Output lengths are those that came. Requests of the warm-up are no part of
 * the run; failed ones have no known lengths and are left out, which the specification of the run
 * says. Metrics say their own unit, so those that only AIPerf has keep their name and, if they are
 * no times, unit.
 *
 * @see <a href="https://docs.nvidia.com/aiperf/reference/json-export-schema">AIPerf's schema</a>
 */
public final class AiPerfImporter implements Importer {
  private static final List<String> SCHEMAS = List.of("1.0", "1.1", "1.2", "1.3", "1.4", "1.5");

  private static final Map<String, SummaryMetric> METRICS =
      Map.of(
          "time_to_first_token", SummaryMetric.TTFT,
          "ttft", SummaryMetric.TTFT,
          "inter_token_latency", SummaryMetric.TPOT,
          "inter_chunk_latency", SummaryMetric.TBT,
          "request_latency", SummaryMetric.E2E,
          "request_throughput", SummaryMetric.REQUEST_THROUGHPUT,
          "goodput", SummaryMetric.REQUEST_GOODPUT,
          "output_token_throughput", SummaryMetric.OUTPUT_TOKEN_THROUGHPUT,
          "total_token_throughput", SummaryMetric.TOTAL_TOKEN_THROUGHPUT,
          "benchmark_duration", SummaryMetric.DURATION);

  /** Digits by which a time of a unit is smaller in nanoseconds. */
  private static final Map<String, Integer> TIMES =
      Map.of("ns", 0, "us", 3, "ms", 6, "s", 9, "sec", 9);

  private static final List<String> NO_METRICS =
      List.of(
          "schema_version",
          "aiperf_version",
          "benchmark_id",
          "start_time",
          "end_time",
          "was_cancelled",
          "input_config",
          "run_info",
          "telemetry_data",
          "telemetry_stats",
          "error_summary",
          "warmup_metrics",
          "sessions",
          "runtime_submission_invalid_reasons");

  private static final List<String> STATISTICS =
      List.of(
          "avg", "min", "max", "std", "p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99");

  private static final List<String> OF_A_METRIC =
      Stream.concat(
              STATISTICS.stream(),
              Stream.of(
                  "unit", "tag", "header", "count", "sum", "adj_p50", "adj_p90", "adj_p95",
                  "adj_p99"))
          .toList();

  private static final List<String> RECORD = List.of("metadata", "metrics", "trace_data", "error");

  private static final List<String> METADATA =
      List.of(
          "request_num",
          "session_num",
          "x_request_id",
          "x_correlation_id",
          "conversation_id",
          "turn_index",
          "credit_issued_ns",
          "credit_received_ns",
          "timestamp_ns",
          "request_start_ns",
          "request_ack_ns",
          "request_end_ns",
          "worker_id",
          "record_processor_id",
          "benchmark_phase",
          "credit_phase",
          "was_cancelled",
          "cancellation_time_ns",
          "clock_offset_ns");

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(
            path,
            file -> {
              String name = file.getFileName().toString();
              return name.endsWith("_aiperf.json")
                  || name.endsWith("_genai_perf.json")
                  || (name.endsWith("profile_export.jsonl"));
            })
        .stream()
        .map(AiPerfImporter::withSummary)
        .toList();
  }

  /** Records do not name the model, the summary beside them does. */
  private static Part withSummary(Part part) {
    String name = part.file().getFileName().toString();
    Path summary = part.folder().resolve(name.replaceFirst("\\.jsonl$", "_aiperf.json"));
    return name.endsWith(".jsonl") && Files.isRegularFile(summary)
        ? new Part(part.folder(), List.of(part.file(), summary), part.name())
        : part;
  }

  @Override
  public String fileNames() {
    return "files …_aiperf.json, …_genai_perf.json and profile_export.jsonl";
  }

  @Override
  public void read(Part part, Findings findings) {
    if (part.file().getFileName().toString().endsWith(".jsonl")) {
      readRecords(part, findings);
    } else {
      readSummary(part, findings);
    }
  }

  private static JsonFields summary(Path file) {
    JsonFields summary = JsonFields.read(file);
    String schema = summary.text("schema_version");
    if (schema != null && !SCHEMAS.contains(schema)) {
      throw summary.bad("schema_version", "is not known. Known: " + String.join(", ", SCHEMAS));
    }
    return summary;
  }

  private static void readSummary(Part part, Findings findings) {
    JsonFields summary = summary(part.file());
    // Before schemas were numbered, AIPerf put all metrics under one key.
    JsonFields metrics = summary.has("records") ? summary.object("records") : summary;
    boolean nested = metrics != summary;
    if (nested) {
      summary.requireOnly(Stream.concat(NO_METRICS.stream(), Stream.of("records")).toList());
    }
    SummaryPoint point = point(part.name(), summary, metrics);
    for (String key : metrics.keys()) {
      if (nested || !NO_METRICS.contains(key)) {
        summarize(point, key, metrics.object(key).requireOnly(OF_A_METRIC), findings);
      }
    }
  }

  private static SummaryPoint point(String name, JsonFields summary, JsonFields metrics) {
    JsonFields config = summary.object("input_config");
    JsonNode load = config.has("loadgen") ? config.object("loadgen").node() : config.node();
    return new SummaryPoint(Origin.MEASURED, name)
        .model(model(config.node()))
        .requestRate(
            load.path("request_rate").isNumber() ? load.path("request_rate").doubleValue() : null)
        .concurrency(load.path("concurrency").isInt() ? load.path("concurrency").intValue() : null)
        .requests(whole(metrics.object("request_count").decimal("avg")))
        .tokens(
            mean(metrics.object("input_sequence_length")),
            mean(metrics.object("output_sequence_length")))
        .clock(Clock.CLIENT)
        .spec(config.keys().isEmpty() ? null : Json.write(config.node()));
  }

  /** The model, wherever the version of the tool puts it; null if there are several. */
  private static String model(JsonNode config) {
    for (String pointer : List.of("/endpoint/model_names", "/models", "/model", "/model_names")) {
      JsonNode models = config.at(pointer);
      if (models.isTextual()) {
        return models.textValue();
      }
      if (models.isArray() && models.size() == 1 && models.get(0).isTextual()) {
        return models.get(0).textValue();
      }
    }
    return null;
  }

  private static Integer whole(BigDecimal value) {
    return value == null ? null : (Integer) value.intValue();
  }

  private static Double mean(JsonFields metric) {
    BigDecimal mean = metric.decimal("avg");
    return mean == null ? null : (Double) mean.doubleValue();
  }

  private static void summarize(
      SummaryPoint point, String key, JsonFields metric, Findings findings) {
    String unit = metric.text("unit");
    if (unit == null) {
      throw new BadInputException("%s: missing key %s.unit".formatted(metric.where(), key));
    }
    if (key.endsWith("_timestamp")) {
      return;
    }
    boolean single = STATISTICS.stream().filter(metric::has).count() == 1;
    for (String statistic : STATISTICS) {
      BigDecimal value = metric.decimal(statistic);
      if (value != null) {
        String name = !statistic.equals("avg") ? statistic : single ? "single" : "mean";
        report(point, key, name, unit, value, findings);
      }
    }
  }

  private static void report(
      SummaryPoint point,
      String key,
      String statistic,
      String unit,
      BigDecimal value,
      Findings findings) {
    SummaryMetric ours = METRICS.get(key);
    Integer digits = TIMES.get(unit);
    double inUnit = (digits == null ? value : value.movePointRight(digits)).doubleValue();
    if (ours != null && (digits != null) == ours.unit().equals("ns")) {
      findings.summary(point, ours, statistic, inUnit);
    } else {
      findings.summary(point, key, statistic, digits == null ? unit : "ns", inUnit);
    }
  }

  private static void readRecords(Part part, Findings findings) {
    RequestLog log = new RequestLog();
    int[] leftOut = {0};
    JsonLines.forEach(
        part.file(),
        line -> {
          JsonFields metadata = line.requireOnly(RECORD).object("metadata").requireOnly(METADATA);
          if (!isWarmUp(metadata) && !add(log, line, metadata)) {
            leftOut[0]++;
          }
        });
    if (log.size() == 0) {
      throw new BadInputException("%s: no request in it succeeded".formatted(part.file()));
    }
    JsonNode config =
        part.files().size() > 1
            ? summary(part.files().get(1)).object("input_config").node()
            : JsonNodeFactory.instance.objectNode();
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.set("input_config", config);
    spec.put("failed_requests_left_out", leftOut[0]);
    findings.run(
        new ImportedRun(
            null,
            log.toRun(
                RequestLog.Zero.FIRST_ARRIVAL,
                List.of(),
                workloadId ->
                    new RunManifest(
                        "r" + part.contentHash(),
                        Origin.MEASURED,
                        null,
                        workloadId,
                        Json.write(spec),
                        null,
                        null,
                        null,
                        model(config),
                        RequestLog.CLIENT_CLOCK,
                        null,
                        null,
                        null)),
            ImportedRun.Deployment.UNKNOWN,
            List.of()));
  }

  private static boolean isWarmUp(JsonFields metadata) {
    String phase =
        metadata.has("benchmark_phase")
            ? metadata.text("benchmark_phase")
            : metadata.text("credit_phase");
    return "warmup".equals(phase);
  }

  /** Whether the request succeeded, so that its lengths are known. */
  private static boolean add(RequestLog log, JsonFields line, JsonFields metadata) {
    if (line.has("error")) {
      return false;
    }
    JsonFields metrics = line.object("metrics");
    String startKey = metadata.has("request_start_ns") ? "request_start_ns" : "timestamp_ns";
    long start = metadata.requiredDecimal(startKey).longValueExact();
    int output = metrics.object("output_sequence_length").requiredInteger("value", 1);
    RequestLog.Entry entry =
        log.add(
            line.where(),
            start,
            metrics.object("input_sequence_length").requiredInteger("value", 1),
            output);
    JsonFields ttft =
        metrics.object(metrics.has("time_to_first_token") ? "time_to_first_token" : "ttft");
    if (ttft.has("value")) {
      long first = start + nanos(ttft, ttft.requiredDecimal("value"));
      entry.firstToken(first).tokens(tokens(metrics, first, output));
    }
    JsonFields latency = metrics.object("request_latency");
    entry.completed(start + nanos(latency, latency.requiredDecimal("value")));
    return true;
  }

  /** One time per token, if every chunk was a token. */
  private static long[] tokens(JsonFields metrics, long first, int output) {
    JsonFields gaps = metrics.object("inter_chunk_latency");
    JsonNode list = gaps.node().path("value");
    if (list.size() != output - 1) {
      return null;
    }
    long[] nanos = new long[output];
    nanos[0] = first;
    for (int t = 1; t < output; t++) {
      JsonNode gap = list.get(t - 1);
      if (!gap.isNumber()) {
        throw gaps.bad("value", "must be a list of gaps");
      }
      nanos[t] = nanos[t - 1] + nanos(gaps, gap.decimalValue());
    }
    return nanos;
  }

  private static long nanos(JsonFields metric, BigDecimal value) {
    Integer digits = TIMES.get(String.valueOf(metric.text("unit")));
    if (digits == null) {
      throw metric.bad("unit", "is no unit of time. Known: ns, us, ms, s, sec");
    }
    return value
        .movePointRight(digits)
        .setScale(0, java.math.RoundingMode.HALF_UP)
        .longValueExact();
  }
}
