package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.JsonFields;
import io.plumbline.files.JsonLines;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.ingest.ImportedRun.Deployment;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Request logs of a vLLM engine as LLMServingSim's bench records them from {@code
 * RequestStateStats}: a folder with {@code requests.jsonl}, {@code meta.json} (schema version 1)
 * and perhaps {@code timeseries.csv}.
 *
 * <p>The clock is the engine's monotonic one. A request arrives when it is in the engine's queue
 * ({@code queued_ts}), so TTFT and E2E leave out the way from client to engine; the client's {@code
 * arrival_time} is on another clock and is not taken. Times count from the first arrival. vLLM
 * keeps 0 for what was not reached; that is null here. The log does not count preemptions. Gauges
 * count from the start of their own recording.
 *
 * @see <a href="https://github.com/casys-kaist/LLMServingSim">LLMServingSim, bench</a>
 */
public final class VllmRequestLogImporter implements Importer {
  private static final String REQUESTS = "requests.jsonl";
  private static final String META = "meta.json";
  private static final String GAUGES = "timeseries.csv";
  private static final int SCHEMA_VERSION = 1;
  private static final List<String> KEYS =
      List.of(
          "request_id",
          "input_toks",
          "output_toks",
          "arrival_time",
          "queued_ts",
          "scheduled_ts",
          "first_token_ts",
          "last_token_ts");

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFolderWith(path, REQUESTS, META, GAUGES);
  }

  @Override
  public String fileNames() {
    return "folders with requests.jsonl and meta.json";
  }

  @Override
  public void read(Part part, Findings findings) {
    JsonFields meta = meta(part.folder().resolve(META));
    RequestLog log = new RequestLog();
    Path requests = part.folder().resolve(REQUESTS);
    JsonLines.forEach(requests, line -> add(log, line));
    int expected = meta.requiredInteger("num_requests", 1);
    if (log.size() != expected) {
      throw new BadInputException(
          "%s: %d requests, but num_requests in %s is %d. Maybe the file was cut off."
              .formatted(requests, log.size(), META, expected));
    }
    JsonFields engine = meta.object("engine_kwargs");
    Deployment deployment =
        new Deployment(
            null,
            null,
            engine.integer("data_parallel_size", 1),
            engine.integer("tensor_parallel_size", 1),
            engine.integer("pipeline_parallel_size", 1));
    findings.run(
        new ImportedRun(
            null,
            log.toRun(
                RequestLog.Zero.FIRST_ARRIVAL,
                List.of(),
                workloadId -> manifest("r" + part.contentHash(), workloadId, meta)),
            deployment,
            gauges(part.folder().resolve(GAUGES))));
  }

  private static JsonFields meta(Path file) {
    JsonFields meta = JsonFields.read(file);
    int version = meta.requiredInteger("schema_version", 0);
    if (version != SCHEMA_VERSION) {
      throw meta.bad("schema_version", "is not known. Known: %d".formatted(SCHEMA_VERSION));
    }
    return meta;
  }

  private static void add(RequestLog log, JsonFields line) {
    line.requireOnly(KEYS);
    Long queued = reached(line, "queued_ts");
    if (queued == null) {
      throw line.bad("queued_ts", "says that the request never arrived");
    }
    Long end = reached(line, "last_token_ts");
    RequestLog.Entry entry =
        log.add(
                line.where(),
                queued,
                line.requiredInteger("input_toks", 1),
                line.requiredInteger("output_toks", 1))
            .scheduled(reached(line, "scheduled_ts"))
            .firstToken(reached(line, "first_token_ts"));
    if (end != null) {
      entry.completed(end);
    }
  }

  private static Long reached(JsonFields line, String key) {
    BigDecimal seconds = line.decimal(key);
    return seconds == null || seconds.signum() == 0 ? null : Long.valueOf(Nanos.atSecond(seconds));
  }

  private static RunManifest manifest(String runId, String workloadId, JsonFields meta) {
    JsonFields hardware = meta.object("hardware");
    Map<String, String> software = new TreeMap<>();
    putIfThere(software, "vllm", meta.text("vllm_version"));
    putIfThere(software, "torch", hardware.text("torch_version"));
    putIfThere(software, "cuda", hardware.text("cuda_version"));
    BigDecimal seed = meta.object("engine_kwargs").decimal("seed");
    return new RunManifest(
        runId,
        Origin.MEASURED,
        "vllm",
        workloadId,
        Json.write(meta.node()),
        seed == null ? null : Long.valueOf(seed.longValueExact()),
        null,
        hardware.text("device_name"),
        meta.text("model"),
        software,
        meta.text("started_at"),
        meta.text("finished_at"),
        null);
  }

  private static void putIfThere(Map<String, String> software, String name, String version) {
    if (version != null) {
      software.put(name, version);
    }
  }

  private static List<GaugeReading> gauges(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<GaugeReading> readings = new ArrayList<>();
    List<GaugeReading> kvCache = new ArrayList<>();
    new CsvTable(
            file, "t", "prompt_throughput", "gen_throughput", "running", "waiting", "kv_cache_pct")
        .andAtMost("prompt_compute_throughput", "prompt_cached_throughput", "preempted")
        .forEach(
            row -> {
              read(readings, row, "prompt_throughput", "prompt_token_throughput", "tokens/s");
              read(
                  readings,
                  row,
                  "prompt_compute_throughput",
                  "computed_prompt_token_throughput",
                  "tokens/s");
              read(
                  readings,
                  row,
                  "prompt_cached_throughput",
                  "cached_prompt_token_throughput",
                  "tokens/s");
              read(readings, row, "gen_throughput", "output_token_throughput", "tokens/s");
              read(readings, row, "running", "running_requests", "requests");
              read(readings, row, "waiting", "waiting_requests", "requests");
              read(readings, row, "preempted", "preempted_requests", "requests");
              read(kvCache, row, "kv_cache_pct", "kv_cache_used", "%");
            });
    // A server with requests in it has KV cache in use: all zeros say that nobody read the gauge.
    if (kvCache.stream().anyMatch(reading -> reading.value() != 0)) {
      readings.addAll(kvCache);
    }
    return readings;
  }

  private static void read(
      List<GaugeReading> to, CsvRow row, String column, String metric, String unit) {
    BigDecimal value = row.decimalOrNull(column);
    if (value != null) {
      long nanos = Nanos.atSecond(row.decimal("t"));
      to.add(new GaugeReading(null, nanos, metric, unit, value.doubleValue()));
    }
  }
}
