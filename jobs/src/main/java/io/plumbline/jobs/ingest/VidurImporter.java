package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.JsonFields;
import io.plumbline.files.TextFiles;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.ingest.ImportedRun.Deployment;
import io.plumbline.trace.run.IterationTiming;
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
 * Output folders of Vidur: {@code config.json} and {@code request_metrics.csv}, and where they are
 * there {@code chrome_trace.json} (the iterations, and which replica served what), {@code
 * plots/request_arrival_time_series.csv} (the arrivals) and {@code plots/batch_metrics.csv} (prompt
 * and decode tokens of a batch); any of these may be compressed.
 *
 * <p>The clock is the simulated one. First token and end are the arrival plus {@code
 * prefill_e2e_time} and {@code request_e2e_time}; TPOT follows from them by our definition, for
 * Vidur divides by one token more. Vidur writes gaps between arrivals: the first arrival is that of
 * the series or, without it, that of the trace; with neither, times count from it. A request whose
 * end Vidur did not record, for a time limit or a window of batches, is UNFINISHED, and Vidur does
 * not say how many tokens it got. Restarts are preemptions. Of a run with restarts the trace does
 * not say which tokens were prompt, so without {@code batch_metrics.csv} it has no iterations.
 *
 * @see <a href="https://github.com/microsoft/vidur">Vidur</a>
 */
public final class VidurImporter implements Importer {
  private static final String CONFIG = "config.json";
  private static final String METRICS = "request_metrics.csv";
  private static final String TRACE = "chrome_trace.json";
  private static final String ARRIVALS = "plots/request_arrival_time_series.csv";
  private static final String BATCHES = "plots/batch_metrics.csv";
  private static final double NANOS_PER_SECOND = 1e9;

  private static final String ID = "Request Id";
  private static final String E2E = "request_e2e_time";
  private static final String DELAY = "request_scheduling_delay";
  private static final String PREFILL_E2E = "prefill_e2e_time";
  private static final String GAP = "request_inter_arrival_delay";
  private static final String PROMPT = "request_num_prefill_tokens";
  private static final String OUTPUT = "request_num_decode_tokens";
  private static final String RESTARTS = "request_num_restarts";
  private static final String[] OTHERS = {
    "request_e2e_time_normalized",
    "request_execution_time",
    "request_execution_time_normalized",
    "request_model_execution_time",
    "request_model_execution_time_normalized",
    "request_preemption_time",
    "request_execution_plus_preemption_time",
    "request_execution_plus_preemption_time_normalized",
    "prefill_time_execution_plus_preemption",
    "prefill_time_execution_plus_preemption_normalized",
    "decode_time_execution_plus_preemption_normalized",
    "request_num_tokens",
    "request_pd_ratio"
  };

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFolderWith(
            path,
            METRICS,
            CONFIG,
            TRACE,
            TRACE + ".gz",
            ARRIVALS,
            ARRIVALS + ".gz",
            BATCHES,
            BATCHES + ".gz")
        .stream()
        .filter(part -> part.files().contains(part.folder().resolve(CONFIG)))
        .toList();
  }

  @Override
  public String fileNames() {
    return "folders with config.json and request_metrics.csv";
  }

  @Override
  public void read(Part part, Findings findings) {
    Path folder = part.folder();
    JsonFields config = JsonFields.read(folder.resolve(CONFIG));
    if (!config.has("cluster_config")) {
      throw new BadInputException(
          "%s: missing key cluster_config. Maybe it is no configuration of Vidur, or one of before its flat configuration."
              .formatted(folder.resolve(CONFIG)));
    }
    List<CsvRow> rows = rows(folder.resolve(METRICS));
    VidurTrace trace =
        VidurTrace.read(
            TextFiles.orCompressed(folder.resolve(TRACE)),
            TextFiles.orCompressed(folder.resolve(BATCHES)),
            rows.stream().mapToInt(row -> row.integer(PROMPT, 1)).toArray(),
            rows.stream().anyMatch(row -> restarts(row) > 0));
    double[] arrivals = arrivals(TextFiles.orCompressed(folder.resolve(ARRIVALS)), rows, trace);
    RequestLog log = new RequestLog();
    for (int i = 0; i < arrivals.length; i++) {
      add(log, rows.get(i), arrivals[i], trace.replica(i));
    }
    List<IterationTiming> iterations = trace.iterations();
    findings.run(
        new ImportedRun(
            null,
            log.toRun(
                RequestLog.Zero.OF_THE_LOG,
                iterations,
                workloadId -> manifest("r" + part.contentHash(), workloadId, config)),
            deployment(config),
            List.of()));
  }

  /** The rows by request id; all ids from 0 are there. */
  private static List<CsvRow> rows(Path file) {
    Map<Integer, CsvRow> byId = new TreeMap<>();
    new CsvTable(file, ID, E2E, DELAY, PREFILL_E2E, GAP, PROMPT, OUTPUT, RESTARTS)
        .andAtMost(OTHERS)
        .forEach(
            row -> {
              CsvRow earlier = byId.put(row.integer(ID, 0), row);
              if (earlier != null) {
                throw row.bad(ID, "is there already in line " + earlier.line());
              }
            });
    List<CsvRow> rows = new ArrayList<>();
    byId.forEach(
        (id, row) -> {
          if (id != rows.size()) {
            throw row.bad(
                ID,
                "follows on a gap: %d is missing. Ids must be 0, 1, 2, …".formatted(rows.size()));
          }
          rows.add(row);
        });
    if (rows.isEmpty()) {
      throw new BadInputException("%s: no rows below the header".formatted(file));
    }
    return rows;
  }

  private static int restarts(CsvRow row) {
    Integer restarts = row.integerOrNull(RESTARTS, 0);
    return restarts == null ? 0 : restarts;
  }

  /** When each request arrives, in seconds of the simulated clock. */
  private static double[] arrivals(Path series, List<CsvRow> rows, VidurTrace trace) {
    double[] arrivals = new double[rows.size()];
    if (Files.exists(series)) {
      List<Double> times = new ArrayList<>();
      new CsvTable(series, "Time (sec)").forEach(row -> times.add(row.seconds("Time (sec)")));
      // A series may be thinned out; then it only has the first arrival for certain.
      if (times.size() == arrivals.length) {
        return times.stream().mapToDouble(Double::doubleValue).toArray();
      }
      arrivals[0] = times.isEmpty() ? 0 : times.get(0);
    } else {
      Double started = trace.firstStartSeconds(0);
      if (started != null) {
        // Without a delay of its own the first request found an idle replica, so it did not wait.
        BigDecimal delay = rows.get(0).decimalOrNull(DELAY);
        arrivals[0] = Math.max(0, started - (delay == null ? 0 : delay.doubleValue()));
      }
    }
    for (int i = 1; i < arrivals.length; i++) {
      // Vidur subtracted doubles, so adding them again in its order gives its own sums.
      arrivals[i] = arrivals[i - 1] + rows.get(i).seconds(GAP);
    }
    return arrivals;
  }

  private static void add(RequestLog log, CsvRow row, double arrival, Integer replica) {
    RequestLog.Entry entry =
        log.add(row.where(), nanos(arrival), row.integer(PROMPT, 1), row.integer(OUTPUT, 1))
            .replica(replica)
            .scheduled(after(arrival, row, DELAY))
            .firstToken(after(arrival, row, PREFILL_E2E))
            .preemptions(restarts(row));
    Long end = after(arrival, row, E2E);
    if (end != null) {
      entry.completed(end);
    }
  }

  private static Long after(double arrival, CsvRow row, String column) {
    return row.text(column) == null ? null : Long.valueOf(nanos(arrival + row.seconds(column)));
  }

  static long nanos(double seconds) {
    return Math.round(seconds * NANOS_PER_SECOND);
  }

  private static RunManifest manifest(String runId, String workloadId, JsonFields config) {
    JsonFields replica = config.object("cluster_config").object("replica_config");
    BigDecimal seed = config.decimal("seed");
    return new RunManifest(
        runId,
        Origin.SIMULATED,
        "vidur",
        workloadId,
        Json.write(config.node()),
        seed == null ? null : Long.valueOf(seed.longValueExact()),
        null,
        replica.text("device"),
        replica.text("model_name"),
        Map.of(),
        null,
        null,
        null);
  }

  private static Deployment deployment(JsonFields config) {
    JsonFields cluster = config.object("cluster_config");
    JsonFields replica = cluster.object("replica_config");
    return new Deployment(
        cluster.object("replica_scheduler_config").text("name"),
        config.object("execution_time_predictor_config").text("name"),
        cluster.integer("num_replicas", 1),
        replica.integer("tensor_parallel_size", 1),
        replica.integer("num_pipeline_stages", 1));
  }
}
