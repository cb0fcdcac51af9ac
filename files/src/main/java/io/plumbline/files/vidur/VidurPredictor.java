package io.plumbline.files.vidur;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Vidur predicts execution times with. The files are templates in which {@code {DEVICE}},
 * {@code {MODEL}} and {@code {NETWORK_DEVICE}} stand for names.
 */
public sealed interface VidurPredictor {
  String computeInputFile();

  String attentionInputFile();

  String allReduceInputFile();

  String sendRecvInputFile();

  String cpuOverheadInputFile();

  int kFoldCvSplits();

  boolean noCache();

  /** Contexts are rounded up to a multiple of it, in tokens. */
  int kvCachePredictionGranularity();

  /** Largest prompt chunk of the tables, in tokens. */
  int predictionMaxPrefillChunkSize();

  /** Largest batch of the tables, in requests. */
  int predictionMaxBatchSize();

  /** Longest context of the tables, in tokens. */
  int predictionMaxTokensPerRequest();

  double attentionDecodeBatchingOverheadFraction();

  double attentionPrefillBatchingOverheadFraction();

  double ncclCpuLaunchOverheadMs();

  double ncclCpuSkewOverheadPerDeviceMs();

  int numTrainingJobThreads();

  boolean skipCpuOverheadModeling();

  /** Random forests; each list is searched for the best value. */
  record RandomForrest(
      String computeInputFile,
      String attentionInputFile,
      String allReduceInputFile,
      String sendRecvInputFile,
      String cpuOverheadInputFile,
      int kFoldCvSplits,
      boolean noCache,
      int kvCachePredictionGranularity,
      int predictionMaxPrefillChunkSize,
      int predictionMaxBatchSize,
      int predictionMaxTokensPerRequest,
      double attentionDecodeBatchingOverheadFraction,
      double attentionPrefillBatchingOverheadFraction,
      double ncclCpuLaunchOverheadMs,
      double ncclCpuSkewOverheadPerDeviceMs,
      int numTrainingJobThreads,
      boolean skipCpuOverheadModeling,
      List<Integer> numEstimators,
      List<Integer> maxDepth,
      List<Integer> minSamplesSplit)
      implements VidurPredictor {
    public RandomForrest {
      check(
          kFoldCvSplits,
          kvCachePredictionGranularity,
          predictionMaxPrefillChunkSize,
          predictionMaxBatchSize,
          predictionMaxTokensPerRequest,
          attentionDecodeBatchingOverheadFraction,
          attentionPrefillBatchingOverheadFraction,
          ncclCpuLaunchOverheadMs,
          ncclCpuSkewOverheadPerDeviceMs);
      checkGrid("numEstimators", numEstimators, 1);
      checkGrid("maxDepth", maxDepth, 1);
      checkGrid("minSamplesSplit", minSamplesSplit, 2);
    }

    /** Vidur's. */
    public static Map<String, Object> defaultValues() {
      return defaultsWith(
          Map.of(
              "numEstimators", List.of(250, 500, 750),
              "maxDepth", List.of(8, 16, 32),
              "minSamplesSplit", List.of(2, 5, 10)));
    }
  }

  /** Linear regression over polynomial features; each list is searched for the best value. */
  record LinearRegression(
      String computeInputFile,
      String attentionInputFile,
      String allReduceInputFile,
      String sendRecvInputFile,
      String cpuOverheadInputFile,
      int kFoldCvSplits,
      boolean noCache,
      int kvCachePredictionGranularity,
      int predictionMaxPrefillChunkSize,
      int predictionMaxBatchSize,
      int predictionMaxTokensPerRequest,
      double attentionDecodeBatchingOverheadFraction,
      double attentionPrefillBatchingOverheadFraction,
      double ncclCpuLaunchOverheadMs,
      double ncclCpuSkewOverheadPerDeviceMs,
      int numTrainingJobThreads,
      boolean skipCpuOverheadModeling,
      List<Integer> polynomialDegree,
      List<Boolean> polynomialIncludeBias,
      List<Boolean> polynomialInteractionOnly,
      List<Boolean> fitIntercept)
      implements VidurPredictor {
    public LinearRegression {
      check(
          kFoldCvSplits,
          kvCachePredictionGranularity,
          predictionMaxPrefillChunkSize,
          predictionMaxBatchSize,
          predictionMaxTokensPerRequest,
          attentionDecodeBatchingOverheadFraction,
          attentionPrefillBatchingOverheadFraction,
          ncclCpuLaunchOverheadMs,
          ncclCpuSkewOverheadPerDeviceMs);
      checkGrid("polynomialDegree", polynomialDegree, 0);
      requireNotEmpty("polynomialIncludeBias", polynomialIncludeBias);
      requireNotEmpty("polynomialInteractionOnly", polynomialInteractionOnly);
      requireNotEmpty("fitIntercept", fitIntercept);
    }

    /** Vidur's. */
    public static Map<String, Object> defaultValues() {
      return defaultsWith(
          Map.of(
              "polynomialDegree", List.of(1, 2, 3, 4, 5),
              "polynomialIncludeBias", List.of(true, false),
              "polynomialInteractionOnly", List.of(true, false),
              "fitIntercept", List.of(true, false)));
    }
  }

  private static Map<String, Object> defaultsWith(Map<String, Object> grid) {
    Map<String, Object> values = new HashMap<>(grid);
    values.put("computeInputFile", "./data/profiling/compute/{DEVICE}/{MODEL}/mlp.csv");
    values.put("attentionInputFile", "./data/profiling/compute/{DEVICE}/{MODEL}/attention.csv");
    values.put("allReduceInputFile", "./data/profiling/network/{NETWORK_DEVICE}/all_reduce.csv");
    values.put("sendRecvInputFile", "./data/profiling/network/{NETWORK_DEVICE}/send_recv.csv");
    values.put(
        "cpuOverheadInputFile",
        "./data/profiling/cpu_overhead/{NETWORK_DEVICE}/{MODEL}/cpu_overheads.csv");
    values.put("kFoldCvSplits", 10);
    values.put("noCache", false);
    values.put("kvCachePredictionGranularity", 64);
    values.put("predictionMaxPrefillChunkSize", 4096);
    values.put("predictionMaxBatchSize", 128);
    values.put("predictionMaxTokensPerRequest", 4096);
    values.put("attentionDecodeBatchingOverheadFraction", 0.1);
    values.put("attentionPrefillBatchingOverheadFraction", 0.1);
    values.put("ncclCpuLaunchOverheadMs", 0.02);
    values.put("ncclCpuSkewOverheadPerDeviceMs", 0.0);
    values.put("numTrainingJobThreads", -1);
    values.put("skipCpuOverheadModeling", true);
    return values;
  }

  private static void check(
      int kFoldCvSplits,
      int kvCachePredictionGranularity,
      int predictionMaxPrefillChunkSize,
      int predictionMaxBatchSize,
      int predictionMaxTokensPerRequest,
      double attentionDecodeBatchingOverheadFraction,
      double attentionPrefillBatchingOverheadFraction,
      double ncclCpuLaunchOverheadMs,
      double ncclCpuSkewOverheadPerDeviceMs) {
    if (kFoldCvSplits < 2) {
      throw new IllegalArgumentException(
          "kFoldCvSplits (%d) must be at least 2".formatted(kFoldCvSplits));
    }
    Check.positive("kvCachePredictionGranularity", kvCachePredictionGranularity);
    Check.positive("predictionMaxPrefillChunkSize", predictionMaxPrefillChunkSize);
    Check.positive("predictionMaxBatchSize", predictionMaxBatchSize);
    Check.positive("predictionMaxTokensPerRequest", predictionMaxTokensPerRequest);
    Check.notNegative(
        "attentionDecodeBatchingOverheadFraction", attentionDecodeBatchingOverheadFraction);
    Check.notNegative(
        "attentionPrefillBatchingOverheadFraction", attentionPrefillBatchingOverheadFraction);
    Check.notNegative("ncclCpuLaunchOverheadMs", ncclCpuLaunchOverheadMs);
    Check.notNegative("ncclCpuSkewOverheadPerDeviceMs", ncclCpuSkewOverheadPerDeviceMs);
  }

  private static void checkGrid(String what, List<Integer> grid, int least) {
    requireNotEmpty(what, grid);
    for (int value : grid) {
      if (value < least) {
        throw new IllegalArgumentException(
            "%s (%d) must be at least %d".formatted(what, value, least));
      }
    }
  }

  private static void requireNotEmpty(String what, List<?> grid) {
    if (grid.isEmpty()) {
      throw new IllegalArgumentException("%s (empty) needs a value".formatted(what));
    }
  }
}
