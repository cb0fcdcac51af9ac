package io.plumbline.jobs.sweep;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.workload.WorkloadSource;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.cluster.RouterSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.KvFormat;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.PredictorSpec;
import java.util.Map;

/**
 * One point of a sweep as its file states it, names of cards not yet looked up.
 *
 * @param workload where requests come from
 * @param model name of a model card, or a path of a card or of a Hugging Face config.json, or a
 *     mapping as a card has it
 * @param device name or alias of a device card, or a mapping as a card has it
 * @param node name of a node card, or a mapping as a card has it
 * @param dtype number format of activations, and of weights that are not quantised
 * @param quantization {@code auto} for what the model's card says, {@code none}, a {@link
 *     io.plumbline.trace.model.WeightFormat}, or a mapping with the components of {@link
 *     io.plumbline.trace.model.WeightQuantization}
 * @param kvCacheDtype number format of keys and values
 * @param tensorParallel devices that share each layer
 * @param pipelineParallel pipeline stages
 * @param expertParallel devices that share the experts of each layer, those of several replicas
 *     together
 * @param replicas copies of the model
 * @param cluster pools of replicas, see {@link ClusterSpec}; null for one that does everything
 * @param timeLimitSeconds simulated time after which a run ends; null for none
 */
record PointSpec(
    WorkloadSource workload,
    ConfNode model,
    ConfNode device,
    ConfNode node,
    DataType dtype,
    ConfNode quantization,
    KvFormat kvCacheDtype,
    int tensorParallel,
    int pipelineParallel,
    int expertParallel,
    int replicas,
    ConfNode cluster,
    RouterSpec router,
    SchedulerSpec scheduler,
    KvCacheSpec kvCache,
    PredictorSpec predictor,
    Compatibility compatibility,
    Double timeLimitSeconds) {

  public PointSpec {
    requirePositive("tensorParallel", tensorParallel);
    requirePositive("pipelineParallel", pipelineParallel);
    requirePositive("expertParallel", expertParallel);
    requirePositive("replicas", replicas);
    if (timeLimitSeconds != null && !(timeLimitSeconds > 0)) {
      throw new IllegalArgumentException(
          "timeLimitSeconds (%s) must be positive".formatted(timeLimitSeconds));
    }
    if (pipelineParallel > scheduler.maxBatchSize()) {
      throw new IllegalArgumentException(
          "pipelineParallel (%d) must not be above the scheduler's max_batch_size (%d)"
              .formatted(pipelineParallel, scheduler.maxBatchSize()));
    }
  }

  private static void requirePositive(String what, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s (%d) must be positive".formatted(what, value));
    }
  }

  /** One replica on one device, in 16 bits, requests in turn, the right behaviour. */
  public static Map<String, Object> defaultValues() {
    return Map.ofEntries(
        Map.entry("node", ConfNode.parse("default", "single")),
        Map.entry("dtype", DataType.FLOAT16),
        Map.entry("quantization", ConfNode.parse("default", "auto")),
        Map.entry("kvCacheDtype", KvFormat.AUTO),
        Map.entry("tensorParallel", 1),
        Map.entry("pipelineParallel", 1),
        Map.entry("expertParallel", 1),
        Map.entry("replicas", 1),
        Map.entry("cluster", ConfNode.parse("default", "null")),
        Map.entry("router", RoundRobinSpec.defaults()),
        Map.entry("kvCache", KvCacheSpec.defaults()),
        Map.entry("compatibility", Compatibility.STANDARD));
  }
}
