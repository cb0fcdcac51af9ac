package io.plumbline.jobs.vidur;

import io.plumbline.files.conf.Problems;
import io.plumbline.files.vidur.VidurConfig;
import io.plumbline.files.vidur.VidurInput;
import io.plumbline.files.vidur.VidurPredictor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Vidur's predictors as those of a sweep file. */
final class PredictorMapping {
  /** Where Vidur has its profiles, and a sweep file by default. */
  private static final String VIDUR_ROOT = "./data/profiling/";

  private static final String DEFAULT_ROOT = "vidur/data/profiling";
  private static final String COMPUTE = "compute/{DEVICE}/{MODEL}/mlp.csv";

  private final VidurPredictor vidur;
  private final VidurConfig.Replica replica;
  private final long seed;
  private final String source;
  private final VidurPaths paths;
  private final Problems problems;

  private PredictorMapping(VidurInput input, VidurPaths paths, Problems problems) {
    this.vidur = input.config().executionTimePredictorConfig();
    this.replica = input.config().clusterConfig().replicaConfig();
    this.seed = input.config().seed();
    this.source = input.source();
    this.paths = paths;
    this.problems = problems;
  }

  static Map<String, Object> of(
      VidurInput input, PredictorChoice choice, VidurPaths paths, Problems problems) {
    PredictorMapping mapping = new PredictorMapping(input, paths, problems);
    return switch (choice) {
      case LEARNED -> mapping.learned();
      case PROFILED -> mapping.profiled();
      case ROOFLINE -> Map.of("kind", "roofline");
    };
  }

  private Map<String, Object> profiled() {
    Map<String, Object> predictor = new LinkedHashMap<>();
    predictor.put("kind", "profiled");
    putProfiles(predictor);
    putOptions(predictor);
    return predictor;
  }

  private Map<String, Object> learned() {
    Map<String, Object> predictor = new LinkedHashMap<>();
    predictor.put("kind", "learned");
    putProfiles(predictor);
    predictor.put("learner", learner());
    predictor.put("prediction_max_request_tokens", vidur.predictionMaxTokensPerRequest());
    predictor.put("prediction_max_batch_size", vidur.predictionMaxBatchSize());
    predictor.put("prediction_max_chunk_tokens", vidur.predictionMaxPrefillChunkSize());
    putOptions(predictor);
    return predictor;
  }

  private Map<String, Object> learner() {
    Map<String, Object> learner = new LinkedHashMap<>();
    if (vidur instanceof VidurPredictor.RandomForrest forest) {
      learner.put("kind", "random_forest");
      learner.put("estimators", forest.numEstimators());
      learner.put("max_depth", forest.maxDepth());
      learner.put("min_samples_split", forest.minSamplesSplit());
      // Vidur trains with the stream that the run begins with.
      learner.put("seed", seed);
      if (forest.numTrainingJobThreads() == 1 && forest.numEstimators().size() == 1) {
        // With more threads Vidur does not seed those that search.
        learner.put("draws", "vidur");
      }
    } else {
      VidurPredictor.LinearRegression regression = (VidurPredictor.LinearRegression) vidur;
      learner.put("kind", "polynomial");
      learner.put("degree", regression.polynomialDegree());
      learner.put("include_bias", regression.polynomialIncludeBias());
      learner.put("interaction_only", regression.polynomialInteractionOnly());
      learner.put("fit_intercept", regression.fitIntercept());
    }
    learner.put("folds", vidur.kFoldCvSplits());
    return learner;
  }

  private void putOptions(Map<String, Object> predictor) {
    predictor.put("kv_granularity_tokens", vidur.kvCachePredictionGranularity());
    predictor.put(
        "decode_batching_overhead_fraction", vidur.attentionDecodeBatchingOverheadFraction());
    predictor.put(
        "prefill_batching_overhead_fraction", vidur.attentionPrefillBatchingOverheadFraction());
    predictor.put("collective_launch_ms", vidur.ncclCpuLaunchOverheadMs());
    predictor.put("collective_skew_ms_per_device", vidur.ncclCpuSkewOverheadPerDeviceMs());
    predictor.put("host_overhead", vidur.skipCpuOverheadModeling() ? "none" : "profiled");
  }

  /** The folder of Vidur's layout, and every file that this replica needs and is elsewhere. */
  private void putProfiles(Map<String, Object> predictor) {
    String compute = vidur.computeInputFile();
    String root =
        compute.endsWith(COMPUTE)
            ? compute.substring(0, compute.length() - COMPUTE.length())
            : VIDUR_ROOT;
    String found = root.isEmpty() ? null : paths.namedIfFound(root);
    predictor.put("root", found != null ? found : root.equals(VIDUR_ROOT) ? DEFAULT_ROOT : root);
    Map<String, Object> files = new LinkedHashMap<>();
    putIfElsewhere(files, "compute", compute, root + COMPUTE);
    putIfElsewhere(
        files,
        "attention",
        vidur.attentionInputFile(),
        root + "compute/{DEVICE}/{MODEL}/attention.csv");
    if (replica.tensorParallelSize() > 1) {
      putIfElsewhere(
          files,
          "all_reduce",
          vidur.allReduceInputFile(),
          root + "network/{NETWORK_DEVICE}/all_reduce.csv");
    }
    if (replica.numPipelineStages() > 1) {
      putIfElsewhere(
          files,
          "send_recv",
          vidur.sendRecvInputFile(),
          root + "network/{NETWORK_DEVICE}/send_recv.csv");
    }
    if (!vidur.skipCpuOverheadModeling()) {
      putIfElsewhere(
          files,
          "cpu_overhead",
          vidur.cpuOverheadInputFile(),
          root + "cpu_overhead/{NETWORK_DEVICE}/{MODEL}/cpu_overheads.csv");
    }
    if (!files.isEmpty()) {
      predictor.put("files", files);
    }
  }

  private void putIfElsewhere(
      Map<String, Object> files, String key, String template, String layout) {
    if (!template.equals(layout)) {
      String file =
          template
              .replace("{DEVICE}", replica.device())
              .replace("{MODEL}", replica.modelName())
              .replace("{NETWORK_DEVICE}", replica.networkDevice());
      String option = "%s: execution_time_predictor_config.%s_input_file".formatted(source, key);
      files.put(key, paths.named(option, file, problems));
    }
  }
}
