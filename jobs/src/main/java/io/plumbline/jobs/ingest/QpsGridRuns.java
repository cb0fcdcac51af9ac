package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.TextFiles;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.ingest.ImportedRun.Deployment;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The runs of the grid: {@code runs.csv}, {@code requests.csv} and, for some of them, {@code
 * token_latencies_selected.csv}, each perhaps with {@code .gz}.
 *
 * <p>Times are decimal seconds of the client's clock, from the first request on. A request arrives
 * when it is sent; its TTFT and E2E count from there. Token times add up the gaps after the first
 * token and so may end some microseconds beside the request. How late the client sent, and the
 * percentiles that follow from the requests, are not taken.
 */
final class QpsGridRuns {
  private static final String RUNS = "runs.csv";
  private static final String REQUESTS = "requests.csv";
  private static final String TOKENS = "token_latencies_selected.csv";

  /** The columns of a run that say what it was, kept as they are. */
  private static final String[] FACTS = {
    "run",
    "device",
    "path",
    "model",
    "tp",
    "pp",
    "dp",
    "max_num_batched_tokens",
    "max_num_seqs",
    "qps",
    "qps_prompts_file",
    "trace",
    "concurrency",
    "max_tokens",
    "requests"
  };

  private static final List<String> TEXT_FACTS =
      List.of("device", "path", "model", "qps_prompts_file", "trace");

  /** What follows from its requests. */
  private static final String[] FOLLOWING = {
    "input_tokens",
    "output_tokens",
    "out_tok_per_s",
    "e2e_p50_ms",
    "e2e_p90_ms",
    "e2e_p99_ms",
    "ttft_p50_ms",
    "ttft_p90_ms",
    "ttft_p99_ms",
    "itl_p50_ms",
    "itl_p90_ms",
    "itl_p99_ms",
    "sched_delay_p50_ms"
  };

  private final Part part;
  private final Map<Integer, GridRun> runs = new LinkedHashMap<>();

  /** One row of {@code runs.csv} and what belongs to it. */
  private static final class GridRun {
    private final String where;
    private final int number;
    private final int requests;
    private final String device;
    private final String model;
    private final Deployment deployment;
    private final String spec;
    private final Map<Integer, GridRequest> byNumber = new LinkedHashMap<>();
    private boolean hasTokens;

    private GridRun(CsvRow row) {
      where = row.where();
      number = row.integer("run", 0);
      requests = row.integer("requests", 1);
      device = row.required("device");
      model = row.required("model");
      deployment =
          new Deployment(
              null, null, row.integer("dp", 1), row.integer("tp", 1), row.integer("pp", 1));
      spec = spec(row);
    }

    private static String spec(CsvRow row) {
      ObjectNode spec = JsonNodeFactory.instance.objectNode();
      for (String column : FACTS) {
        if (row.text(column) == null) {
          continue;
        }
        if (TEXT_FACTS.contains(column)) {
          spec.put(column, row.text(column));
        } else {
          spec.put(column, row.decimal(column));
        }
      }
      return Json.write(spec);
    }
  }

  /** One request, in nanoseconds; its tokens so far. */
  private static final class GridRequest {
    private final String where;
    private final long arrivalNanos;
    private final int promptTokens;
    private final int outputTokens;
    private final long firstTokenNanos;
    private final long endNanos;
    private long[] tokenNanos;
    private int tokens = 1;

    private GridRequest(CsvRow row) {
      where = row.where();
      BigDecimal arrival = row.decimal("arrival_rel_s");
      arrivalNanos = Nanos.atSecond(arrival);
      promptTokens = row.integer("input_tokens", 1);
      outputTokens = row.integer("output_tokens", 1);
      firstTokenNanos = Nanos.atSecond(arrival.add(row.decimal("ttft_s")));
      endNanos = Nanos.atSecond(arrival.add(row.decimal("e2e_s")));
    }

    private void addToken(CsvRow row) {
      int index = row.integer("token_index", 1);
      if (index != tokens || index >= outputTokens) {
        throw row.bad(
            "token_index",
            index >= outputTokens
                ? "is not below the output_tokens (%d) of the request".formatted(outputTokens)
                : "must be %d: tokens follow each other".formatted(tokens));
      }
      if (tokenNanos == null) {
        tokenNanos = new long[outputTokens];
        tokenNanos[0] = firstTokenNanos;
      }
      tokenNanos[tokens] = tokenNanos[tokens - 1] + Nanos.atSecond(row.decimal("latency_s"));
      tokens++;
    }
  }

  QpsGridRuns(Part part) {
    this.part = part;
  }

  static List<Part> parts(Path path) {
    return Part.eachFolderWith(path, RUNS, REQUESTS, REQUESTS + ".gz", TOKENS, TOKENS + ".gz")
        .stream()
        .filter(part -> Files.exists(TextFiles.orCompressed(part.folder().resolve(REQUESTS))))
        .toList();
  }

  static boolean areIn(Part part) {
    return part.file().getFileName().toString().equals(RUNS);
  }

  void read(Findings findings) {
    new CsvTable(part.folder().resolve(RUNS), FACTS).andAtMost(FOLLOWING).forEach(this::addRun);
    new CsvTable(
            file(REQUESTS),
            "run",
            "req",
            "arrival_rel_s",
            "input_tokens",
            "output_tokens",
            "ttft_s",
            "e2e_s")
        .andAtMost(
            "client_sched_delay_s", "itl_avg_s", "itl_p50_s", "itl_p90_s", "itl_p99_s", "itl_max_s")
        .forEach(this::addRequest);
    Path tokens = file(TOKENS);
    if (Files.exists(tokens)) {
      new CsvTable(tokens, "run", "req", "token_index", "latency_s")
          .andAtMost()
          .forEach(this::addToken);
    }
    runs.values().forEach(this::requireWhole);
    String contentHash = part.contentHash();
    for (GridRun run : runs.values()) {
      String runId = "r" + new Sha256().putText(contentHash).putLong(run.number).shortHex();
      findings.run(imported(runId, run));
    }
  }

  private Path file(String name) {
    return TextFiles.orCompressed(part.folder().resolve(name));
  }

  private void addRun(CsvRow row) {
    GridRun run = new GridRun(row);
    if (runs.putIfAbsent(run.number, run) != null) {
      throw row.bad("run", "is there twice");
    }
  }

  private void addRequest(CsvRow row) {
    GridRun run = runOf(row);
    if (run.byNumber.putIfAbsent(row.integer("req", 0), new GridRequest(row)) != null) {
      throw row.bad("req", "is there twice in run %d".formatted(run.number));
    }
  }

  private void addToken(CsvRow row) {
    GridRun run = runOf(row);
    GridRequest request = run.byNumber.get(row.integer("req", 0));
    if (request == null) {
      throw row.bad("req", "is no request of run %d".formatted(run.number));
    }
    request.addToken(row);
    run.hasTokens = true;
  }

  private GridRun runOf(CsvRow row) {
    GridRun run = runs.get(row.integer("run", 0));
    if (run == null) {
      throw row.bad("run", "is not in " + RUNS);
    }
    return run;
  }

  private void requireWhole(GridRun run) {
    if (run.byNumber.size() != run.requests) {
      throw new BadInputException(
          "%s: requests (%d), but %s has %d of run %d. Maybe it was cut off."
              .formatted(run.where, run.requests, file(REQUESTS), run.byNumber.size(), run.number));
    }
    for (GridRequest request : run.byNumber.values()) {
      if (run.hasTokens && request.tokens != request.outputTokens) {
        throw new BadInputException(
            "%s: output_tokens (%d), but %s has %d tokens of it. Maybe it was cut off."
                .formatted(request.where, request.outputTokens, file(TOKENS), request.tokens));
      }
    }
  }

  private static ImportedRun imported(String runId, GridRun run) {
    RequestLog log = new RequestLog();
    for (GridRequest request : run.byNumber.values()) {
      log.add(request.where, request.arrivalNanos, request.promptTokens, request.outputTokens)
          .firstToken(request.firstTokenNanos)
          .completed(request.endNanos)
          .tokens(run.hasTokens ? tokens(request) : null);
    }
    return new ImportedRun(
        "run " + run.number,
        log.toRun(
            RequestLog.Zero.FIRST_ARRIVAL,
            List.of(),
            workloadId -> manifest(runId, workloadId, run)),
        run.deployment,
        List.of());
  }

  private static long[] tokens(GridRequest request) {
    return request.tokenNanos == null ? new long[] {request.firstTokenNanos} : request.tokenNanos;
  }

  private static RunManifest manifest(String runId, String workloadId, GridRun run) {
    return new RunManifest(
        runId,
        Origin.MEASURED,
        "vllm",
        workloadId,
        run.spec,
        null,
        null,
        run.device,
        run.model,
        RequestLog.CLIENT_CLOCK,
        null,
        null,
        null);
  }
}
