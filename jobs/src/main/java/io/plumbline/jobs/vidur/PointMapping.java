package io.plumbline.jobs.vidur;

import io.plumbline.files.Names;
import io.plumbline.files.card.ModelCards;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.vidur.VidurConfig;
import io.plumbline.files.vidur.VidurConfig.GlobalScheduler;
import io.plumbline.files.vidur.VidurInput;
import io.plumbline.files.vidur.VidurScheduler;
import io.plumbline.jobs.card.DeviceCard;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.jobs.card.NodeCard;
import io.plumbline.trace.model.ModelSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A configuration of Vidur as the point of a sweep file, in the order in which people read it. */
final class PointMapping {
  private static final double GIB = 1L << 30;
  private static final double TERA = 1e12;

  private final VidurInput input;
  private final Path modelsDir;
  private final HardwareCards cards;
  private final Problems problems;

  private PointMapping(VidurInput input, Path modelsDir, Problems problems) {
    this.input = input;
    this.modelsDir = modelsDir;
    this.problems = problems;
    this.cards = new HardwareCards(modelsDir);
  }

  static Map<String, Object> of(
      VidurInput input,
      WorkloadMapping workload,
      PredictorChoice predictor,
      VidurPaths paths,
      Problems problems) {
    PointMapping mapping = new PointMapping(input, paths.modelsDir(), problems);
    VidurConfig config = input.config();
    VidurConfig.Cluster cluster = config.clusterConfig();
    VidurConfig.Replica replica = cluster.replicaConfig();
    Map<String, Object> point = new LinkedHashMap<>();
    point.put("compatibility", "vidur");
    point.put("workload", workload.workload());
    point.put("model", mapping.model(replica));
    point.put("device", mapping.device(replica));
    point.put("node", mapping.node(replica));
    point.put("tensor_parallel", replica.tensorParallelSize());
    point.put("pipeline_parallel", replica.numPipelineStages());
    point.put("replicas", cluster.numReplicas());
    point.put("router", router(cluster.globalSchedulerConfig(), workload));
    point.put("scheduler", scheduler(cluster.replicaSchedulerConfig()));
    point.put("kv_cache", kvCache(config));
    point.put("predictor", PredictorMapping.of(input, predictor, paths, problems));
    if (config.timeLimit() > 0) {
      point.put("time_limit_seconds", config.timeLimit());
    }
    return point;
  }

  /** A card's name if the card has Vidur's shape, else the shape. */
  private Object model(VidurConfig.Replica replica) {
    String name = replica.modelName();
    boolean hasCard = ModelCards.names(modelsDir).contains(name);
    VidurConfig.Model shape =
        replica.modelConfig() != null ? replica.modelConfig() : VidurTable.model(name);
    if (shape == null) {
      if (!hasCard) {
        unknown("cluster_config.replica_config.model_name", name, ModelCards.names(modelsDir));
      }
      return name;
    }
    if (hasCard && isShapeOf(shape, ModelCards.load(modelsDir, name))) {
      return name;
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("name", shape.name());
    model.put("layers", shape.numLayers());
    model.put("query_heads", shape.numQHeads());
    model.put("kv_heads", shape.numKvHeads());
    model.put("head_dim", shape.embeddingDim() / shape.numQHeads());
    model.put("hidden_size", shape.embeddingDim());
    model.put("mlp_hidden_size", shape.mlpHiddenDim());
    model.put("vocabulary_size", shape.vocabSize());
    model.put("max_positions", shape.maxPositionEmbeddings());
    model.put("gated_mlp", shape.useGatedMlp());
    model.put("post_attention_norm", shape.postAttnNorm());
    model.put("qkv_bias", shape.useQkvBias());
    // Vidur does not say, and nothing it simulates depends on these.
    model.put("tied_embeddings", false);
    model.put("query_key_norm", false);
    model.put("rope_theta", shape.ropeTheta() == null ? 10_000.0 : shape.ropeTheta());
    model.put("norm_epsilon", 1e-5);
    return model;
  }

  /** Whether all is equal that Vidur's times and memory depend on. */
  private static boolean isShapeOf(VidurConfig.Model vidur, ModelSpec card) {
    return vidur.numLayers() == card.layers()
        && vidur.numQHeads() == card.queryHeads()
        && vidur.numKvHeads() == card.kvHeads()
        && vidur.embeddingDim() == card.hiddenSize()
        && vidur.embeddingDim() / vidur.numQHeads() == card.headDim()
        && vidur.mlpHiddenDim() == card.mlpHiddenSize()
        && vidur.useGatedMlp() == card.gatedMlp()
        && vidur.postAttnNorm() == card.postAttentionNorm();
  }

  /** A card's name if the card has Vidur's numbers, else these, over the card if there is one. */
  private Object device(VidurConfig.Replica replica) {
    String name = replica.device();
    DeviceCard card = cards.deviceIfKnown(name);
    VidurConfig.Device device =
        replica.deviceConfig() != null ? replica.deviceConfig() : VidurTable.device(name);
    if (device == null) {
      if (card == null) {
        unknown("cluster_config.replica_config.device", name, cards.deviceNames());
      }
      return name;
    }
    long memoryBytes = Math.round(device.totalMemoryGb() * GIB);
    double flops = device.fp16Tflops() * TERA;
    if (card != null
        && card.memoryBytes() == memoryBytes
        && Double.valueOf(flops).equals(card.denseFp16Flops())) {
      return card.name();
    }
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put(card == null ? "name" : "like", card == null ? name : card.name());
    numbers.put("memory_bytes", memoryBytes);
    numbers.put("dense_fp16_flops", flops);
    return numbers;
  }

  private Object node(VidurConfig.Replica replica) {
    String name = replica.networkDevice();
    NodeCard card = cards.nodeIfKnown(name);
    VidurConfig.Node node = replica.nodeConfig();
    if (node == null) {
      if (card == null) {
        unknown("cluster_config.replica_config.network_device", name, cards.nodeNames());
      }
      return name;
    }
    if (card != null && card.devicesPerNode() == node.numDevicesPerNode()) {
      return name;
    }
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("name", name);
    numbers.put("devices_per_node", node.numDevicesPerNode());
    return numbers;
  }

  private void unknown(String option, String name, List<String> known) {
    problems.add(
        "%s: %s".formatted(input.source(), option),
        "%s is unknown. Known, nearest first: %s. Maybe give the config.json that Vidur wrote, which has the numbers, or add a card."
            .formatted(name, String.join(", ", Names.nearestFirst(name, known))));
  }

  private static Object router(GlobalScheduler scheduler, WorkloadMapping workload) {
    return scheduler instanceof GlobalScheduler.Random
        ? workload.randomRouter()
        : Names.kind(scheduler.getClass());
  }

  private static Map<String, Object> scheduler(VidurScheduler vidur) {
    Map<String, Object> scheduler = new LinkedHashMap<>();
    scheduler.put("kind", Names.kind(vidur.getClass()));
    if (vidur instanceof VidurScheduler.Sarathi sarathi) {
      scheduler.put("token_budget", sarathi.chunkSize());
    } else if (vidur instanceof VidurScheduler.Vllm vllm) {
      scheduler.put("token_budget", vllm.maxTokensInBatch());
    } else if (vidur instanceof VidurScheduler.Lightllm lightllm) {
      scheduler.put("token_budget", lightllm.maxTokensInBatch());
      scheduler.put("max_waiting_iterations", lightllm.maxWaitingIters());
    }
    scheduler.put("max_batch_size", vidur.batchSizeCap());
    return scheduler;
  }

  private static Map<String, Object> kvCache(VidurConfig config) {
    VidurScheduler scheduler = config.clusterConfig().replicaSchedulerConfig();
    Map<String, Object> cache = new LinkedHashMap<>();
    cache.put("block_tokens", scheduler.blockSize());
    if (scheduler.numBlocks() != null && scheduler.numBlocks() > 0) {
      cache.put("blocks", scheduler.numBlocks());
    }
    cache.put(
        "memory_margin_fraction", config.clusterConfig().replicaConfig().memoryMarginFraction());
    cache.put("watermark_fraction", scheduler.watermarkBlocksFraction());
    cache.put("max_request_tokens", config.requestGeneratorConfig().longestRequestTokens());
    return cache;
  }
}
