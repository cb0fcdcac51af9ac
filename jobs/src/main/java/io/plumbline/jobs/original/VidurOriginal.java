package io.plumbline.jobs.original;

import io.plumbline.jobs.ingest.Importer;
import io.plumbline.jobs.ingest.VidurImporter;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.batching.FasterTransformerSpec;
import io.plumbline.simulator.batching.LightllmSpec;
import io.plumbline.simulator.batching.OrcaSpec;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.cluster.LorSpec;
import io.plumbline.simulator.cluster.RandomSpec;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.cluster.RouterSpec;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Vidur, as its command line takes a point: the workload as a trace, its own random forests on its
 * own profiles for the times, whatever predictor the point names. Its latency tables are made as
 * long as the point needs; by default they end at 4,096 tokens and 128 requests.
 *
 * @see <a href="https://github.com/microsoft/vidur">Vidur</a>
 */
final class VidurOriginal implements Original {
  private static final Map<String, String> DEVICES =
      Map.of("a100-80gb", "a100", "h100-sxm", "h100", "a40", "a40");
  private static final Map<String, String> USUAL_NODES =
      Map.of(
          "a100",
          "a100_pairwise_nvlink",
          "h100",
          "h100_pairwise_nvlink",
          "a40",
          "a40_pairwise_nvlink");
  private static final String FOREST = "random_forrest_execution_time_predictor_config_";
  private static final int USUAL_TOKENS = 4096;
  private static final int USUAL_BATCH = 128;

  @Override
  public String engine() {
    return "vidur (original)";
  }

  @Override
  public String folder() {
    return "vidur";
  }

  @Override
  public String commit() {
    return "7d47513";
  }

  @Override
  public String licence() {
    return "MIT";
  }

  @Override
  public long toleranceNanos() {
    // It subtracts doubles of seconds.
    return 1_000;
  }

  @Override
  public Importer importer() {
    return new VidurImporter();
  }

  @Override
  public List<String> prepare(SimulationSpec point, Workload workload, Path scratch)
      throws IOException {
    point.deployment().requireUnquantized("Vidur");
    int longest =
        Math.toIntExact(
            Math.max(
                workload.maxTotalTokens(),
                point.kvCache().maxRequestTokens() == null
                    ? 0
                    : point.kvCache().maxRequestTokens()));
    Flags flags = new Flags();
    device(flags, point);
    flags.add("cluster_config_num_replicas", point.replicas());
    flags.add("global_scheduler_config_type", router(point.router()));
    scheduler(flags, point);
    flags.add("request_generator_config_type", "trace_replay");
    flags.add("trace_request_generator_config_trace_file", trace(workload, scratch));
    flags.add("trace_request_generator_config_max_tokens", longest);
    flags.add(FOREST + "prediction_max_tokens_per_request", Math.max(longest, USUAL_TOKENS));
    flags.add(
        FOREST + "prediction_max_prefill_chunk_size",
        Math.max(point.scheduler().maxBatchTokens(), USUAL_TOKENS));
    flags.add(
        FOREST + "prediction_max_batch_size",
        Math.max(point.scheduler().maxBatchSize(), USUAL_BATCH));
    if (point.timeLimitSeconds() != null) {
      flags.add("time_limit", (int) Math.ceil(point.timeLimitSeconds()));
    }
    flags.add("metrics_config_output_dir", scratch.resolve("out"));
    flags.switchOff("metrics_config_store_plots");
    return flags.texts;
  }

  private static void device(Flags flags, SimulationSpec point) {
    String device = DEVICES.get(point.deployment().device().name());
    if (device == null) {
      throw new IllegalArgumentException(
          "Vidur has no device %s, only %s"
              .formatted(point.deployment().device().name(), DEVICES.keySet()));
    }
    String node = point.deployment().node().name();
    flags.add("replica_config_model_name", point.deployment().model().name());
    flags.add("replica_config_device", device);
    flags.add(
        "replica_config_network_device", node.equals("single") ? USUAL_NODES.get(device) : node);
    flags.add("replica_config_tensor_parallel_size", point.deployment().parallelism().tensor());
    flags.add("replica_config_num_pipeline_stages", point.deployment().parallelism().pipeline());
    flags.add("replica_config_memory_margin_fraction", point.kvCache().memoryMarginFraction());
  }

  private static String router(RouterSpec router) {
    if (router instanceof RoundRobinSpec) {
      return "round_robin";
    }
    if (router instanceof LorSpec) {
      return "lor";
    }
    if (router instanceof RandomSpec) {
      return "random";
    }
    throw new IllegalArgumentException(
        "Vidur's routers are round_robin, lor and random, and this is " + router);
  }

  private static void scheduler(Flags flags, SimulationSpec point) {
    SchedulerSpec scheduler = point.scheduler();
    String kind;
    if (scheduler instanceof SarathiSpec sarathi) {
      kind = "sarathi";
      flags.add("sarathi_scheduler_config_chunk_size", sarathi.tokenBudget());
    } else if (scheduler instanceof VllmSpec vllm) {
      kind = "vllm";
      flags.add("vllm_scheduler_config_max_tokens_in_batch", vllm.tokenBudget());
    } else if (scheduler instanceof LightllmSpec lightllm) {
      kind = "lightllm";
      flags.add("lightllm_scheduler_config_max_tokens_in_batch", lightllm.tokenBudget());
      flags.add("lightllm_scheduler_config_max_waiting_iters", lightllm.maxWaitingIterations());
    } else if (scheduler instanceof OrcaSpec) {
      kind = "orca";
    } else if (scheduler instanceof FasterTransformerSpec) {
      kind = "faster_transformer";
    } else {
      throw new IllegalArgumentException("Vidur has no scheduler like " + scheduler);
    }
    String prefix = kind + "_scheduler_config_";
    flags.add("replica_scheduler_config_type", kind);
    flags.add(prefix + "batch_size_cap", scheduler.maxBatchSize());
    flags.add(prefix + "block_size", point.kvCache().blockTokens());
    flags.add(
        prefix + "watermark_blocks_fraction",
        point.kvCache().watermarkFraction() == null
            ? scheduler.usualWatermarkFraction()
            : point.kvCache().watermarkFraction());
    if (point.kvCache().blocks() != null) {
      flags.add(prefix + "num_blocks", point.kvCache().blocks());
    }
  }

  private static Path trace(Workload workload, Path scratch) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("arrived_at,num_prefill_tokens,num_decode_tokens");
    for (Request request : workload.requests()) {
      lines.add(
          "%s,%d,%d"
              .formatted(
                  Seconds.of(request.arrivalNanos()),
                  request.promptTokens(),
                  request.outputTokens()));
    }
    return Files.write(scratch.resolve("trace.csv"), lines);
  }

  /** Its flags in the order in which they are added. */
  private static final class Flags {
    private final List<String> texts = new ArrayList<>();

    private void add(String name, Object value) {
      texts.add("--" + name);
      texts.add(String.valueOf(value));
    }

    private void switchOff(String name) {
      texts.add("--no-" + name);
    }
  }
}
