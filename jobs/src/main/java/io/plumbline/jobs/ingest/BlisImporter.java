package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.JsonFields;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.trace.run.Origin;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What BLIS, the simulator of inference-sim, predicts: its golden files {@code …golden.json}, one
 * point per experiment. They are predictions, not measurements; the coefficients that they were
 * made with are no results and are left out, as is the sum of TTFT, which follows from its mean.
 *
 * <p>Times are milliseconds of the simulated clock. The load changes in stages, so a point has no
 * one rate; its {@code spec_json} has the workload as it is.
 *
 * @see <a href="https://github.com/inference-sim/inference-sim">inference-sim</a>
 */
public final class BlisImporter implements Importer {
  private static final String BACKEND = "trained-physics";
  private static final List<String> SETTINGS =
      List.of(
          "model_config_dir",
          "max_num_seqs",
          "max_num_batched_tokens",
          "total_kv_blocks",
          "cpu_kv_blocks",
          "workload");
  private static final List<String> FACTS = List.of("id", "model", "hardware", "tp", "expected");
  private static final List<String> COUNTS =
      List.of("completed_requests", "total_input_tokens", "total_output_tokens", "ttft_sum_us");

  private record Statistic(SummaryMetric metric, String name) {}

  private static final Map<String, Statistic> TIMES = times();

  private static Map<String, Statistic> times() {
    Map<String, Statistic> times = new LinkedHashMap<>();
    for (String name : List.of("mean", "p90", "p99")) {
      times.put("ttft_" + name + "_ms", new Statistic(SummaryMetric.TTFT, name));
      times.put("e2e_" + name + "_ms", new Statistic(SummaryMetric.E2E, name));
      times.put("itl_" + name + "_ms", new Statistic(SummaryMetric.TBT, name));
    }
    return times;
  }

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(path, file -> file.getFileName().toString().endsWith("golden.json"));
  }

  @Override
  public String fileNames() {
    return "….golden.json of inference-sim";
  }

  @Override
  public void read(Part part, Findings findings) {
    JsonFields file =
        JsonFields.read(part.file())
            .requireOnly(
                List.of("description", "backend", "alpha_coeffs", "beta_coeffs", "experiments"));
    if (!BACKEND.equals(file.text("backend"))) {
      throw file.bad("backend", "must be " + BACKEND + ", the only one known");
    }
    int number = 0;
    for (JsonNode experiment : file.node().path("experiments")) {
      String where = "%s: experiments[%d]".formatted(part.file(), number++);
      add(JsonFields.of(where, experiment), findings);
    }
  }

  private static void add(JsonFields experiment, Findings findings) {
    requireKnown(experiment, FACTS, SETTINGS);
    JsonFields expected = experiment.object("expected");
    requireKnown(expected, COUNTS, List.copyOf(TIMES.keySet()));
    int requests = expected.requiredInteger("completed_requests", 1);
    int devices = experiment.requiredInteger("tp", 1);
    SummaryPoint point =
        new SummaryPoint(Origin.SIMULATED, required(experiment, "id"))
            .engine("blis", BACKEND)
            .model(required(experiment, "model"))
            .device(required(experiment, "hardware"))
            .devices(devices)
            .parallel(null, devices, null, null)
            .requests(requests)
            .tokens(
                mean(expected, "total_input_tokens", requests),
                mean(expected, "total_output_tokens", requests))
            .clock(SummaryPoint.Clock.ENGINE)
            .spec(spec(experiment));
    TIMES.forEach(
        (key, statistic) -> {
          BigDecimal millis = expected.decimal(key);
          if (millis != null) {
            findings.summary(point, statistic.metric(), statistic.name(), Nanos.ofMillis(millis));
          }
        });
  }

  private static void requireKnown(JsonFields fields, List<String> some, List<String> others) {
    List<String> known = new ArrayList<>(some);
    known.addAll(others);
    fields.requireOnly(known);
  }

  private static String required(JsonFields fields, String key) {
    String text = fields.text(key);
    if (text == null) {
      throw new BadInputException("%s: missing key %s".formatted(fields.where(), key));
    }
    return text;
  }

  private static Double mean(JsonFields expected, String key, int requests) {
    BigDecimal total = expected.decimal(key);
    return total == null ? null : (Double) (total.doubleValue() / requests);
  }

  private static String spec(JsonFields experiment) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    for (String setting : SETTINGS) {
      if (experiment.has(setting)) {
        spec.set(setting, experiment.node().get(setting));
      }
    }
    return Json.write(spec);
  }
}
