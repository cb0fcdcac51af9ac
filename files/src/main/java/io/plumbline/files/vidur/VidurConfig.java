package io.plumbline.files.vidur;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * A configuration of Vidur with all its options, under Vidur's own names and with Vidur's defaults:
 * what its {@code config.json} says and what its flags mean. {@link VidurInput} reads one.
 *
 * @param seed of both random streams until a synthetic request generator sets its own
 * @param logLevel has no effect, in Vidur neither
 * @param timeLimit simulated seconds from 0 on; 0 for none
 * @see <a href="https://github.com/microsoft/vidur/tree/7d47513">Vidur at commit 7d47513</a>
 */
public record VidurConfig(
    long seed,
    String logLevel,
    int timeLimit,
    Cluster clusterConfig,
    VidurRequestGenerator requestGeneratorConfig,
    VidurPredictor executionTimePredictorConfig,
    Metrics metricsConfig) {

  public VidurConfig {
    Check.seed("seed", seed);
    Check.notNegative("timeLimit", timeLimit);
  }

  /** Vidur's, where no section has them. */
  public static Map<String, Object> defaultValues() {
    return Map.of("seed", 42L, "logLevel", "info", "timeLimit", 0);
  }

  /** Replicas, all alike, and who schedules on them. */
  public record Cluster(
      int numReplicas,
      Replica replicaConfig,
      GlobalScheduler globalSchedulerConfig,
      VidurScheduler replicaSchedulerConfig) {

    public Cluster {
      Check.positive("numReplicas", numReplicas);
    }

    /** Vidur's, where no section has them. */
    public static Map<String, Object> defaultValues() {
      return Map.of("numReplicas", 1);
    }
  }

  /**
   * One replica.
   *
   * @param device name of a device, of Vidur's table or of a fork's
   * @param networkDevice name of a kind of server, likewise
   * @param worldSize devices of a replica, which follow from the degrees; null if not stated
   * @param modelConfig numbers that Vidur looked up by the name; null where only flags were given,
   *     as with the next two
   */
  public record Replica(
      String modelName,
      double memoryMarginFraction,
      int numPipelineStages,
      int tensorParallelSize,
      String device,
      String networkDevice,
      Integer worldSize,
      Model modelConfig,
      Device deviceConfig,
      Node nodeConfig) {

    public Replica {
      Check.fraction("memoryMarginFraction", memoryMarginFraction);
      Check.positive("numPipelineStages", numPipelineStages);
      Check.positive("tensorParallelSize", tensorParallelSize);
      if (worldSize != null && worldSize != (long) numPipelineStages * tensorParallelSize) {
        throw new IllegalArgumentException(
            "worldSize (%d) is not tensorParallelSize (%d) times numPipelineStages (%d)"
                .formatted(worldSize, tensorParallelSize, numPipelineStages));
      }
    }

    /** Vidur's. */
    public static Replica defaults() {
      return new Replica(
          "meta-llama/Llama-2-7b-hf",
          0.1,
          1,
          1,
          "a100",
          "a100_pairwise_nvlink",
          null,
          null,
          null,
          null);
    }
  }

  /**
   * What Vidur knows of a model, as far as a simulated time depends on it.
   *
   * @param vocabSize padded by Vidur
   * @param ropeTheta null if Vidur states none
   */
  public record Model(
      String name,
      int numLayers,
      int numQHeads,
      int numKvHeads,
      int embeddingDim,
      int mlpHiddenDim,
      int maxPositionEmbeddings,
      boolean useGatedMlp,
      boolean useQkvBias,
      boolean postAttnNorm,
      int vocabSize,
      Double ropeTheta) {

    public Model {
      Check.positive("numLayers", numLayers);
      Check.positive("numQHeads", numQHeads);
      Check.positive("numKvHeads", numKvHeads);
      Check.positive("embeddingDim", embeddingDim);
      Check.positive("mlpHiddenDim", mlpHiddenDim);
      Check.positive("maxPositionEmbeddings", maxPositionEmbeddings);
      Check.positive("vocabSize", vocabSize);
      if (embeddingDim % numQHeads != 0 || numQHeads % numKvHeads != 0) {
        throw new IllegalArgumentException(
            "embeddingDim (%d) must be a multiple of numQHeads (%d), and these of numKvHeads (%d)"
                .formatted(embeddingDim, numQHeads, numKvHeads));
      }
    }
  }

  /**
   * What Vidur knows of a device.
   *
   * @param fp16Tflops peak, 10^12 FLOP/s
   * @param totalMemoryGb memory, 2^30 bytes
   */
  public record Device(String name, double fp16Tflops, double totalMemoryGb) {
    public Device {
      Check.positive("fp16Tflops", fp16Tflops);
      Check.positive("totalMemoryGb", totalMemoryGb);
    }
  }

  /** What Vidur knows of a kind of server. */
  public record Node(String name, int numDevicesPerNode) {
    public Node {
      Check.positive("numDevicesPerNode", numDevicesPerNode);
    }
  }

  /** Who places requests on replicas. */
  public sealed interface GlobalScheduler {
    /** All replicas are equally likely. */
    record Random() implements GlobalScheduler {}

    /** In turn. */
    record RoundRobin() implements GlobalScheduler {}

    /** The least outstanding requests. */
    record Lor() implements GlobalScheduler {}
  }

  /**
   * What Vidur writes down of a run. None of it changes a simulated time.
   *
   * @param subsamples most points of a plotted series; null for all
   * @param minBatchIndex batches before it are not recorded; null or 0 for none
   * @param maxBatchIndex batches after it are not recorded; null for none
   */
  public record Metrics(
      boolean writeMetrics,
      boolean writeJsonTrace,
      String wandbProject,
      String wandbGroup,
      String wandbRunName,
      String wandbSweepId,
      String wandbRunId,
      boolean enableChromeTrace,
      boolean saveTableToWandb,
      boolean storePlots,
      boolean storeOperationMetrics,
      boolean storeTokenCompletionMetrics,
      boolean storeRequestMetrics,
      boolean storeBatchMetrics,
      boolean storeUtilizationMetrics,
      boolean keepIndividualBatchMetrics,
      Integer subsamples,
      Integer minBatchIndex,
      Integer maxBatchIndex,
      String outputDir,
      String cacheDir) {

    /** Vidur's. */
    public static Map<String, Object> defaultValues() {
      Map<String, Object> values = new HashMap<>();
      for (String on :
          new String[] {
            "writeMetrics",
            "enableChromeTrace",
            "storePlots",
            "storeRequestMetrics",
            "storeBatchMetrics",
            "storeUtilizationMetrics"
          }) {
        values.put(on, true);
      }
      for (String off :
          new String[] {
            "writeJsonTrace",
            "saveTableToWandb",
            "storeOperationMetrics",
            "storeTokenCompletionMetrics",
            "keepIndividualBatchMetrics"
          }) {
        values.put(off, false);
      }
      for (String none :
          new String[] {
            "wandbProject", "wandbGroup", "wandbRunName", "wandbSweepId", "wandbRunId"
          }) {
        values.put(none, null);
      }
      values.put("outputDir", "simulator_output");
      values.put("cacheDir", "cache");
      return Collections.unmodifiableMap(values);
    }
  }
}
