package io.plumbline.jobs.original;

import io.plumbline.jobs.ingest.Importer;
import io.plumbline.jobs.ingest.RequestTimesImporter;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * LLMCompass, which knows one block of a transformer and no requests: {@code layers.py} beside its
 * bootstrap has it predict the prefill of each prompt and decodes at some contexts, times the
 * layers, and serves one request after the other. Its block is GPT-3's, so models with grouped
 * heads, or with an MLP that is not four times as wide, are refused, as are batches.
 *
 * @see <a href="https://github.com/PrincetonUniversity/LLMCompass">LLMCompass</a>
 */
final class LlmCompassOriginal implements Original {
  private static final Map<String, String> DEVICES =
      Map.of("a100-80gb", "GA100", "a100-40gb", "GA100");

  @Override
  public String engine() {
    return "llmcompass (original)";
  }

  @Override
  public String folder() {
    return "llmcompass";
  }

  @Override
  public String commit() {
    return "2e015fd";
  }

  @Override
  public String licence() {
    return "BSD-3-Clause";
  }

  @Override
  public long toleranceNanos() {
    return 1_000;
  }

  @Override
  public Importer importer() {
    return new RequestTimesImporter();
  }

  @Override
  public List<String> prepare(SimulationSpec point, Workload workload, Path scratch)
      throws IOException {
    ModelSpec model = point.deployment().model();
    if (model.kvHeads() != model.queryHeads()
        || model.mlpHiddenSize() != 4 * model.hiddenSize()
        || model.expertLayers() != null) {
      throw new IllegalArgumentException(
          "LLMCompass's block is GPT-3's: heads without groups, an MLP four times as wide; %s has %d of %d heads and %d of %d"
              .formatted(
                  model.name(),
                  model.kvHeads(),
                  model.queryHeads(),
                  model.mlpHiddenSize(),
                  model.hiddenSize()));
    }
    if (point.scheduler().maxBatchSize() != 1 || point.replicas() != 1) {
      throw new IllegalArgumentException(
          "LLMCompass has no scheduler: only points with max_batch_size 1 and one replica");
    }
    String device = DEVICES.get(point.deployment().device().name());
    if (device == null) {
      throw new IllegalArgumentException(
          "LLMCompass describes no device %s, only %s"
              .formatted(point.deployment().device().name(), DEVICES.keySet()));
    }
    return List.of(
        "--device", device,
        "--devices", String.valueOf(point.deployment().parallelism().tensor()),
        "--layers", String.valueOf(model.layers()),
        "--hidden-size", String.valueOf(model.hiddenSize()),
        "--heads", String.valueOf(model.queryHeads()),
        "--requests", requests(workload, scratch).toString(),
        "--out", scratch.resolve("llmcompass" + RequestTimesImporter.SUFFIX).toString());
  }

  private static Path requests(Workload workload, Path scratch) throws IOException {
    List<String> lines =
        new ArrayList<>(List.of("request_id,arrival_s,prompt_tokens,output_tokens"));
    for (Request request : workload.requests()) {
      lines.add(
          "%d,%s,%d,%d"
              .formatted(
                  request.id(),
                  Seconds.of(request.arrivalNanos()),
                  request.promptTokens(),
                  request.outputTokens()));
    }
    return Files.write(scratch.resolve("requests-in.csv"), lines);
  }
}
