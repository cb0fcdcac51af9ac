package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.JsonFields;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.jobs.table.SummaryPoint.Clock;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lifecycle reports of inference-perf: {@code summary_}, {@code stage_N_} and {@code
 * adapter_…_lifecycle_metrics.json} as summaries, {@code per_request_lifecycle_metrics.json} as a
 * run; {@code config.yaml} beside them names model and server.
 *
 * <p>The clock is the client's, in seconds: a request arrives when it is sent, its first token is
 * the first chunk with text. {@code output_token_times} are token times where there is one per
 * token. Their TPOT is ours. A request that failed is FAILED where the report says what it asked
 * for ({@code max_tokens} of its body), and is left out where it does not; the specification of the
 * run says how many.
 *
 * @see <a href="https://github.com/kubernetes-sigs/inference-perf">inference-perf</a>
 */
public final class InferencePerfImporter implements Importer {
  private static final String SUFFIX = "lifecycle_metrics.json";
  private static final String PER_REQUEST = "per_request_" + SUFFIX;
  private static final String SESSIONS = "session_" + SUFFIX;
  private static final String CONFIG = "config.yaml";

  private static final List<String> REPORT =
      List.of("benchmark_time_seconds", "load_summary", "successes", "failures", "retries");
  private static final List<String> LOAD =
      List.of(
          "count",
          "schedule_delay",
          "send_duration",
          "requested_rate",
          "achieved_rate",
          "concurrency");
  private static final List<String> SUCCESSES =
      List.of(
          "count",
          "latency",
          "throughput",
          "prompt_len",
          "prompt_tokens",
          "output_len",
          "output_tokens",
          "request_size_bytes",
          "image",
          "video",
          "audio",
          "token_count_mismatches",
          "client_fallback_requests",
          "slo_metrics",
          "goodput_metrics");
  private static final String NORMALIZED = "normalized_time_per_output_token";
  private static final Map<String, SummaryMetric> LATENCIES = latencies();
  private static final Map<String, SummaryMetric> THROUGHPUTS = throughputs();
  private static final List<String> OTHER_THROUGHPUTS =
      List.of("images_per_sec", "videos_per_sec", "audios_per_sec");

  private static final List<String> ENTRY =
      List.of(
          "start_time",
          "end_time",
          "session_id",
          "request",
          "response",
          "info",
          "computed_metrics",
          "error");

  private static Map<String, SummaryMetric> latencies() {
    Map<String, SummaryMetric> metrics = new LinkedHashMap<>();
    metrics.put("request_latency", SummaryMetric.E2E);
    metrics.put("time_per_output_token", SummaryMetric.TPOT);
    metrics.put("time_to_first_token", SummaryMetric.TTFT);
    metrics.put("inter_token_latency", SummaryMetric.TBT);
    return metrics;
  }

  private static Map<String, SummaryMetric> throughputs() {
    Map<String, SummaryMetric> metrics = new LinkedHashMap<>();
    metrics.put("requests_per_sec", SummaryMetric.REQUEST_THROUGHPUT);
    metrics.put("input_tokens_per_sec", SummaryMetric.PROMPT_TOKEN_THROUGHPUT);
    metrics.put("output_tokens_per_sec", SummaryMetric.OUTPUT_TOKEN_THROUGHPUT);
    metrics.put("total_tokens_per_sec", SummaryMetric.TOTAL_TOKEN_THROUGHPUT);
    return metrics;
  }

  /** What the configuration says of the server; null where it says nothing. */
  private record Server(String engine, String model) {}

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(
            path,
            file -> {
              String name = file.getFileName().toString();
              return name.endsWith(SUFFIX) && !name.endsWith(SESSIONS);
            })
        .stream()
        .map(InferencePerfImporter::withConfig)
        .toList();
  }

  private static Part withConfig(Part part) {
    Path config = part.folder().resolve(CONFIG);
    return Files.isRegularFile(config)
        ? new Part(part.folder(), List.of(part.file(), config), part.name())
        : part;
  }

  @Override
  public String fileNames() {
    return "files …lifecycle_metrics.json";
  }

  @Override
  public void read(Part part, Findings findings) {
    Server server = server(part);
    if (part.file().getFileName().toString().endsWith(PER_REQUEST)) {
      readRequests(part, server, findings);
    } else {
      readSummary(part, server, findings);
    }
  }

  private static Server server(Part part) {
    if (part.files().size() == 1) {
      return new Server(null, null);
    }
    ConfNode config = ConfNode.read(part.files().get(1));
    ConfNode server = config.entries().get("server");
    return new Server(text(server, "type"), text(server, "model_name"));
  }

  private static String text(ConfNode node, String key) {
    ConfNode value =
        node == null || node.kind() != ConfNode.Kind.MAPPING ? null : node.entries().get(key);
    return value == null || value.kind() != ConfNode.Kind.SCALAR ? null : value.text();
  }

  private static void readSummary(Part part, Server server, Findings findings) {
    JsonFields report = JsonFields.read(part.file()).requireOnly(REPORT);
    JsonFields load = report.object("load_summary").requireOnly(LOAD);
    JsonFields successes = report.object("successes").requireOnly(SUCCESSES);
    if (!report.has("successes")) {
      throw new BadInputException("%s: missing key successes".formatted(part.file()));
    }
    SummaryPoint point =
        new SummaryPoint(Origin.MEASURED, part.name())
            .engine(server.engine(), null)
            .model(server.model())
            .requestRate(asDouble(load.decimal("requested_rate")))
            .concurrency(load.integer("concurrency", 1))
            .requests(load.integer("count", 0))
            .tokens(mean(successes, "prompt_len", "prompt_tokens"), mean(successes, "output_len"))
            .clock(Clock.CLIENT)
            .spec(spec(load, report));
    times(load, "schedule_delay", point, SummaryMetric.CLIENT_DELAY, findings);
    latencies(successes.object("latency"), point, findings);
    throughputs(successes.object("throughput"), point, findings);
    BigDecimal seconds = report.decimal("benchmark_time_seconds");
    if (seconds != null && seconds.signum() > 0) {
      findings.summary(point, SummaryMetric.DURATION, "single", Nanos.ofSeconds(seconds));
    }
  }

  private static void latencies(JsonFields latency, SummaryPoint point, Findings findings) {
    for (String key : latency.keys()) {
      SummaryMetric metric = LATENCIES.get(key);
      if (metric != null) {
        times(latency, key, point, metric, findings);
      } else if (key.equals(NORMALIZED)) {
        JsonFields statistics = latency.object(key);
        for (String statistic : statistics.keys()) {
          findings.summary(
              point,
              NORMALIZED,
              statistic(statistics, statistic),
              "ns",
              Nanos.ofSeconds(statistics.requiredDecimal(statistic)));
        }
      } else {
        latency.requireOnly(List.copyOf(LATENCIES.keySet()));
      }
    }
  }

  private static void throughputs(JsonFields throughput, SummaryPoint point, Findings findings) {
    for (String key : throughput.keys()) {
      SummaryMetric metric = THROUGHPUTS.get(key);
      if (metric != null) {
        findings.summary(point, metric, "single", throughput.requiredDecimal(key).doubleValue());
      } else if (!OTHER_THROUGHPUTS.contains(key)) {
        throughput.requireOnly(List.copyOf(THROUGHPUTS.keySet()));
      }
    }
  }

  private static void times(
      JsonFields parent, String key, SummaryPoint point, SummaryMetric metric, Findings findings) {
    JsonFields statistics = parent.object(key);
    for (String statistic : statistics.keys()) {
      findings.summary(
          point,
          metric,
          statistic(statistics, statistic),
          Nanos.ofSeconds(statistics.requiredDecimal(statistic)));
    }
  }

  private static String statistic(JsonFields statistics, String key) {
    if (key.equals("median")) {
      return "p50";
    }
    if (!key.matches("mean|min|max|p\\d+(\\.\\d+)?")) {
      throw statistics.bad(key, "is not known. Known: mean, min, max, median and percentiles");
    }
    return key;
  }

  private static Double mean(JsonFields successes, String... keys) {
    for (String key : keys) {
      BigDecimal mean = successes.object(key).decimal("mean");
      if (mean != null) {
        return mean.doubleValue();
      }
    }
    return null;
  }

  private static Double asDouble(BigDecimal value) {
    return value == null ? null : (Double) value.doubleValue();
  }

  private static String spec(JsonFields load, JsonFields report) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.set("send_duration", load.node().path("send_duration"));
    spec.set("achieved_rate", load.node().path("achieved_rate"));
    spec.set("failures", report.object("failures").node().path("count"));
    return Json.write(spec);
  }

  private static void readRequests(Part part, Server server, Findings findings) {
    RequestLog log = new RequestLog();
    int leftOut = Json.stream(part.file(), parser -> requests(part.file(), parser, log));
    if (log.size() == 0) {
      throw new BadInputException("%s: no request in it has lengths".formatted(part.file()));
    }
    ObjectNode spec = JsonNodeFactory.instance.objectNode().put("requests_left_out", leftOut);
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
                        server.engine(),
                        workloadId,
                        Json.write(spec),
                        null,
                        null,
                        null,
                        server.model(),
                        RequestLog.CLIENT_CLOCK,
                        null,
                        null,
                        null)),
            ImportedRun.Deployment.UNKNOWN,
            List.of()));
  }

  private static int requests(Path file, JsonParser parser, RequestLog log) throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw new BadInputException("%s: must be a list of requests".formatted(file));
    }
    int leftOut = 0;
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      String where = "%s: request %d".formatted(file, i);
      JsonNode entry = parser.readValueAsTree();
      leftOut += add(log, JsonFields.of(where, entry).requireOnly(ENTRY)) ? 0 : 1;
    }
    return leftOut;
  }

  /** Whether the request has lengths, without which it cannot be part of a workload. */
  private static boolean add(RequestLog log, JsonFields entry) {
    JsonFields info = entry.object("info");
    // Before multimodal requests, what is now in response_metrics was beside input_tokens.
    JsonFields response = info.has("response_metrics") ? info.object("response_metrics") : info;
    int prompt = orZero(info.integer("input_tokens", 0));
    int produced = orZero(response.integer("output_tokens", 0));
    boolean failed = entry.has("error");
    int output = failed ? askedFor(entry) : produced;
    if (prompt == 0 || output == 0) {
      return false;
    }
    long start = Nanos.atSecond(entry.requiredDecimal("start_time"));
    RequestLog.Entry request = log.add(entry.where(), start, prompt, output);
    if (failed) {
      request.failed();
    } else {
      long[] times = times(response);
      request.firstToken(times.length == 0 ? null : (Long) times[0]);
      request.completed(Nanos.atSecond(entry.requiredDecimal("end_time")));
      request.tokens(times.length == output ? times : null);
    }
    return true;
  }

  private static int orZero(Integer value) {
    return value == null ? 0 : value;
  }

  private static int askedFor(JsonFields entry) {
    String body = entry.text("request");
    if (body == null) {
      return 0;
    }
    try {
      return Json.parseTree("request", body).path("max_tokens").asInt(0);
    } catch (BadInputException e) {
      // A body of another form than JSON says nothing that could be read.
      return 0;
    }
  }

  private static long[] times(JsonFields response) {
    JsonNode list = response.node().path("output_token_times");
    long[] times = new long[list.size()];
    for (int t = 0; t < times.length; t++) {
      if (!list.get(t).isNumber()) {
        throw response.bad("output_token_times", "must be a list of seconds");
      }
      times[t] = Nanos.atSecond(list.get(t).decimalValue());
    }
    return times;
  }
}
