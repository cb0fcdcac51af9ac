package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.JsonFields;
import io.plumbline.files.Names;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.jobs.table.SummaryPoint.Clock;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Results of vLLM's {@code benchmark_serving.py} and {@code vllm bench serve}: JSON files, each
 * with one result or, appended, with several.
 *
 * <p>The clock is the client's: a request arrives when it is sent ({@code start_times}), its first
 * token is the first chunk with text, and the way there and back is in every time. A file of {@code
 * --save-detailed} that has {@code start_times} gives a run as well; requests that failed have no
 * known output length and are left out of it, which the specification of the run says. {@code itl}
 * is the gap between chunks: it gives token times where there is one chunk per token. Text that the
 * user added with {@code --metadata} is kept in the specification.
 *
 * @see <a href="https://docs.vllm.ai/en/latest/cli/bench/serve.html">vllm bench serve</a>
 */
public final class VllmBenchImporter implements Importer {
  private static final Pattern STATISTIC =
      Pattern.compile(
          "(mean|median|std|p\\d+(?:\\.\\d+)?)_(ttft|tpot|itl|e2el|client_queue_time|e2el_including_client_queue)_ms");

  private static final Map<String, SummaryMetric> METRICS =
      Map.of(
          "ttft", SummaryMetric.TTFT,
          "tpot", SummaryMetric.TPOT,
          "itl", SummaryMetric.TBT,
          "e2el", SummaryMetric.E2E,
          "client_queue_time", SummaryMetric.CLIENT_DELAY);

  /** Values of the whole run, under their key. */
  private static final Map<String, SummaryMetric> SINGLES = singles();

  private static final List<String> FACTS =
      List.of(
          "date",
          "endpoint_type",
          "backend",
          "label",
          "model_id",
          "tokenizer_id",
          "num_prompts",
          "request_rate",
          "burstiness",
          "max_concurrency",
          "ramp_up_strategy",
          "ramp_up_start_rps",
          "ramp_up_end_rps",
          "best_of",
          "use_beam_search",
          "completed",
          "failed",
          "total_input_tokens",
          "total_output_tokens",
          "request_goodput:",
          "max_output_tokens_per_s",
          "max_concurrent_requests",
          "rps_change_events",
          "rtfx");

  private static final List<String> FACT_PREFIXES = List.of("spec_decode_", "diffusion_", "probe_");

  private static Map<String, SummaryMetric> singles() {
    Map<String, SummaryMetric> singles = new LinkedHashMap<>();
    singles.put("duration", SummaryMetric.DURATION);
    singles.put("request_throughput", SummaryMetric.REQUEST_THROUGHPUT);
    singles.put("request_goodput", SummaryMetric.REQUEST_GOODPUT);
    singles.put("output_throughput", SummaryMetric.OUTPUT_TOKEN_THROUGHPUT);
    singles.put("total_token_throughput", SummaryMetric.TOTAL_TOKEN_THROUGHPUT);
    return singles;
  }

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(
        path,
        file -> {
          String name = file.getFileName().toString();
          return name.endsWith(".json") && !name.endsWith(".pytorch.json");
        });
  }

  @Override
  public String fileNames() {
    return "JSON files of vllm bench serve --save-result";
  }

  @Override
  public void read(Part part, Findings findings) {
    Json.stream(
        part.file(),
        parser -> {
          int results = 0;
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            results++;
            take(part, results, result(part.file(), parser), findings);
          }
          if (results == 0) {
            throw new BadInputException("%s: must hold JSON objects".formatted(part.file()));
          }
          return null;
        });
  }

  /** One result: its scalars as a tree, and its long lists as plain numbers. */
  private record Result(JsonFields facts, VllmBenchDetails details) {}

  private static Result result(Path file, JsonParser parser) throws IOException {
    String where = "%s:%d".formatted(file, parser.currentLocation().getLineNr());
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    VllmBenchDetails details = new VllmBenchDetails(where);
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      if (!details.read(key, parser)) {
        JsonNode value = parser.readValueAsTree();
        requireKnown(where, key, value);
        facts.set(key, value);
      }
    }
    return new Result(JsonFields.of(where, facts), details);
  }

  private static void requireKnown(String where, String key, JsonNode value) {
    boolean known =
        FACTS.contains(key)
            || SINGLES.containsKey(key)
            || STATISTIC.matcher(key).matches()
            || FACT_PREFIXES.stream().anyMatch(key::startsWith);
    // Whatever a user adds with --metadata is text.
    if (!known && !value.isTextual()) {
      throw new BadInputException(
          "%s: unknown key %s. %s".formatted(where, key, Names.hint(key, FACTS)));
    }
  }

  private static void take(Part part, int number, Result result, Findings findings) {
    JsonFields facts = result.facts();
    if (!facts.has("request_throughput") || !facts.has("model_id")) {
      throw new BadInputException(
          "%s: missing key %s. Maybe it is no result of vllm bench serve."
              .formatted(facts.where(), facts.has("model_id") ? "request_throughput" : "model_id"));
    }
    String name = number == 1 ? part.name() : "%s#%d".formatted(part.name(), number);
    summarize(point(name, facts), facts, findings);
    RequestLog log = result.details().requests();
    if (log.size() > 0) {
      String runId = "r" + new Sha256().putText(part.contentHash()).putLong(number).shortHex();
      findings.run(
          new ImportedRun(
              number == 1 ? null : "#" + number,
              log.toRun(
                  RequestLog.Zero.FIRST_ARRIVAL,
                  List.of(),
                  workloadId -> manifest(runId, workloadId, facts, result.details().leftOut())),
              ImportedRun.Deployment.UNKNOWN,
              List.of()));
    }
  }

  private static SummaryPoint point(String name, JsonFields facts) {
    int completed = facts.requiredInteger("completed", 0);
    Integer failed = facts.integer("failed", 0);
    return new SummaryPoint(Origin.MEASURED, name)
        .engine(engine(facts), null)
        .model(facts.text("model_id"))
        .requestRate(requestRate(facts))
        .concurrency(facts.integer("max_concurrency", 1))
        .requests(failed == null ? facts.integer("num_prompts", 1) : (Integer) (completed + failed))
        .tokens(
            mean(facts.decimal("total_input_tokens"), completed),
            mean(facts.decimal("total_output_tokens"), completed))
        .clock(Clock.CLIENT)
        .spec(spec(facts));
  }

  /** The client knows the engine by the interface it asked for, unless that is OpenAI's. */
  private static String engine(JsonFields facts) {
    String backend = facts.text("backend");
    return backend == null || backend.startsWith("openai") ? null : backend;
  }

  private static Double requestRate(JsonFields facts) {
    JsonNode rate = facts.node().path("request_rate");
    // "inf", and in old files Infinity: all at once.
    return rate.isNumber() && facts.decimal("request_rate") != null ? rate.doubleValue() : null;
  }

  private static Double mean(BigDecimal total, int requests) {
    return total == null || requests == 0 ? null : (Double) (total.doubleValue() / requests);
  }

  private static String spec(JsonFields facts) {
    ObjectNode spec = facts.node().deepCopy();
    for (String key : facts.keys()) {
      if (SINGLES.containsKey(key) || STATISTIC.matcher(key).matches()) {
        spec.remove(key);
      }
    }
    return Json.write(spec);
  }

  private static void summarize(SummaryPoint point, JsonFields facts, Findings findings) {
    SINGLES.forEach(
        (key, metric) -> {
          BigDecimal value = facts.decimal(key);
          if (value != null) {
            double inUnit =
                metric == SummaryMetric.DURATION ? Nanos.ofSeconds(value) : value.doubleValue();
            findings.summary(point, metric, "single", inUnit);
          }
        });
    for (String key : facts.keys()) {
      Matcher matcher = STATISTIC.matcher(key);
      BigDecimal value = matcher.matches() ? facts.decimal(key) : null;
      if (value != null) {
        String statistic = matcher.group(1).equals("median") ? "p50" : matcher.group(1);
        SummaryMetric metric = METRICS.get(matcher.group(2));
        if (metric == null) {
          findings.summary(point, matcher.group(2), statistic, "ns", Nanos.ofMillis(value));
        } else {
          findings.summary(point, metric, statistic, Nanos.ofMillis(value));
        }
      }
    }
  }

  private static RunManifest manifest(
      String runId, String workloadId, JsonFields facts, int leftOut) {
    ObjectNode spec = (ObjectNode) Json.parseTree("spec", spec(facts));
    spec.put("failed_requests_left_out", leftOut);
    return new RunManifest(
        runId,
        Origin.MEASURED,
        engine(facts),
        workloadId,
        Json.write(spec),
        null,
        null,
        null,
        facts.text("model_id"),
        RequestLog.CLIENT_CLOCK,
        null,
        null,
        null);
  }
}
