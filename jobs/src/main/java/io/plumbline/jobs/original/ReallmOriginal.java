package io.plumbline.jobs.original;

import io.plumbline.jobs.ingest.Importer;
import io.plumbline.jobs.ingest.ReallmImporter;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.batching.FasterTransformerSpec;
import io.plumbline.simulator.batching.OrcaSpec;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.hardware.Parallelism;
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
 * ReaLLM v2: its scheduler loop over a library of kernels that LLMCompass predicted. It has no
 * limit of requests or memory and knows four models; an unknown one it takes for Llama of 70B, so
 * others are refused here. Its times have four digits after the seconds.
 *
 * @see <a href="https://github.com/bespoke-silicon-group/reallm">ReaLLM</a>
 */
final class ReallmOriginal implements Original {
  private static final Map<String, String> DEVICES =
      Map.of("a100-80gb", "GA100", "a100-40gb", "GA100", "h100-sxm", "GH100");

  /** It stops there, done or not. */
  private static final long END_NANOS = 500_000_000_000L;

  @Override
  public String engine() {
    return "reallm (original)";
  }

  @Override
  public String folder() {
    return "reallm";
  }

  @Override
  public String commit() {
    return "4c550c3";
  }

  @Override
  public String licence() {
    // Its repository states none on any branch.
    return null;
  }

  @Override
  public long toleranceNanos() {
    return 100_000;
  }

  @Override
  public Importer importer() {
    return new ReallmImporter();
  }

  @Override
  public List<String> prepare(SimulationSpec point, Workload workload, Path scratch)
      throws IOException {
    String device = DEVICES.get(point.deployment().device().name());
    if (device == null) {
      throw new IllegalArgumentException(
          "ReaLLM has kernels of no device like %s, only of %s"
              .formatted(point.deployment().device().name(), DEVICES.keySet()));
    }
    if (point.replicas() > 1) {
      throw new IllegalArgumentException("ReaLLM has one replica");
    }
    Parallelism parallel = point.deployment().parallelism();
    String degrees = "tp%d_pp%d".formatted(parallel.tensor(), parallel.pipeline());
    List<String> config =
        List.of(
            "model: " + model(point.deployment().model()),
            "heterogeneous: false",
            "system:",
            "  device: " + device,
            "  num_devices: " + parallel.tensor() * parallel.pipeline(),
            "  io_algo: multishot",
            "  attention_parallelism: " + degrees,
            "  ffn_parallelism: " + degrees,
            "  batching_algo: " + algorithm(point.scheduler()),
            "  prefill_chunk: " + chunk(point.scheduler()),
            "system_sim:",
            "  sim_method: llmcompass",
            "  traces: " + scratch.resolve(ReallmImporter.TRACE),
            "  end_reqs: " + workload.size());
    Files.write(scratch.resolve("config.yaml"), config);
    writeTrace(workload, scratch);
    return List.of(
        scratch.resolve("config.yaml").toString(),
        scratch.resolve(ReallmImporter.TRACE).toString(),
        scratch.resolve(ReallmImporter.RESULTS).toString());
  }

  private static String model(ModelSpec model) {
    boolean llama =
        model.headDim() == 128 && model.kvHeads() == 8 && model.latentAttention() == null;
    if (llama
        && model.layers() == 80
        && model.hiddenSize() == 8192
        && model.mlpHiddenSize() == 28672) {
      return "llama70b";
    }
    if (llama && model.layers() == 126 && model.hiddenSize() == 16384) {
      return "llama405b";
    }
    throw new IllegalArgumentException(
        "ReaLLM has Llama of 70B and 405B, and %s has neither shape".formatted(model.name()));
  }

  private static String algorithm(SchedulerSpec scheduler) {
    if (scheduler instanceof SarathiSpec) {
      return "mixed-sarathi";
    }
    if (scheduler instanceof OrcaSpec || scheduler instanceof VllmSpec) {
      return "continuous";
    }
    if (scheduler instanceof FasterTransformerSpec) {
      return "baseline";
    }
    throw new IllegalArgumentException("ReaLLM has no scheduler like " + scheduler);
  }

  private static int chunk(SchedulerSpec scheduler) {
    return scheduler instanceof SarathiSpec sarathi ? sarathi.tokenBudget() : 2048;
  }

  private static void writeTrace(Workload workload, Path scratch) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size");
    for (Request request : workload.requests()) {
      if (request.outputTokens() < 2) {
        throw new IllegalArgumentException(
            "ReaLLM breaks at a request of one output token, which request %d is"
                .formatted(request.id()));
      }
      if (request.arrivalNanos() >= END_NANOS) {
        throw new IllegalArgumentException(
            "ReaLLM stops at 500 s, and request %d arrives later".formatted(request.id()));
      }
      lines.add(
          "%d,2,0,%s,1,%d,%d"
              .formatted(
                  request.id(),
                  Seconds.of(request.arrivalNanos()),
                  request.promptTokens(),
                  request.outputTokens()));
    }
    Files.write(scratch.resolve(ReallmImporter.TRACE), lines);
  }
}
