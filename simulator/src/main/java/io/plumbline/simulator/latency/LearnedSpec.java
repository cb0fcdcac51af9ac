package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.learning.LearnerSpec;
import io.plumbline.simulator.learning.RandomForestSpec;

/**
 * Latency as Vidur predicts it: a regression is trained on each operator's measurements, evaluated
 * once on a grid of sizes, and looked up from then on.
 *
 * @param root folder that holds {@code compute/}, {@code network/} and {@code cpu_overhead/}
 * @param files profile files that are elsewhere; null for none
 * @param learner the regression and its search grid
 * @param predictionMaxRequestTokens where the tables end: tokens of a batch, and context
 * @param predictionMaxBatchSize likewise: requests of a batch
 * @param predictionMaxChunkTokens likewise: tokens of a prefill chunk
 * @param kvGranularityTokens contexts are rounded up to a multiple of this
 * @param decodeBatchingOverheadFraction extra attention time of several decodes, with grouped heads
 * @param prefillBatchingOverheadFraction extra attention time of several prefills, likewise
 * @param collectiveLaunchMs host time of one all-reduce
 * @param collectiveSkewMsPerDevice wait for the slowest device, times tensor degree to the 1.25
 * @param hostOverhead whether the host's own time counts
 * @see <a href="https://arxiv.org/abs/2405.05465">Vidur (MLSys'24)</a>
 */
public record LearnedSpec(
    String root,
    ProfileFiles files,
    LearnerSpec learner,
    int predictionMaxRequestTokens,
    int predictionMaxBatchSize,
    int predictionMaxChunkTokens,
    int kvGranularityTokens,
    double decodeBatchingOverheadFraction,
    double prefillBatchingOverheadFraction,
    double collectiveLaunchMs,
    double collectiveSkewMsPerDevice,
    HostOverhead hostOverhead)
    implements PredictorSpec, BlockOptions {

  public LearnedSpec {
    BlockOptions.requirePositive("predictionMaxRequestTokens", predictionMaxRequestTokens);
    BlockOptions.requirePositive("predictionMaxBatchSize", predictionMaxBatchSize);
    BlockOptions.requirePositive("predictionMaxChunkTokens", predictionMaxChunkTokens);
    BlockOptions.requireValid(
        kvGranularityTokens,
        decodeBatchingOverheadFraction,
        prefillBatchingOverheadFraction,
        collectiveLaunchMs,
        collectiveSkewMsPerDevice);
    if (predictionMaxRequestTokens < kvGranularityTokens) {
      throw new IllegalArgumentException(
          "predictionMaxRequestTokens (%d) must be at least kvGranularityTokens (%d)"
              .formatted(predictionMaxRequestTokens, kvGranularityTokens));
    }
  }

  /** Vidur's defaults, profiles as in its repository. */
  public static LearnedSpec defaults() {
    return new LearnedSpec(
        "vidur/data/profiling",
        null,
        RandomForestSpec.defaults(),
        4096,
        128,
        4096,
        64,
        0.1,
        0.1,
        0.02,
        0.0,
        HostOverhead.NONE);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    OperatorTimes times = profiles.learned(this, deployment, limits, compatibility);
    return new BlockComposition(deployment, this, times, compatibility);
  }

  /** The tables of trained operators; they are the same for all deployments that share these. */
  public OperatorTimes times(
      TrainedOperators trained, TableLimits limits, Compatibility compatibility) {
    return new TrainedTimes(trained, this, limits, compatibility);
  }

  @Override
  public void requireSupports(Deployment deployment) {
    BlockOptions.requireSupports("learned", deployment);
  }

  @Override
  public ProfileQuery profileQuery() {
    return new ProfileQuery(root, files == null ? ProfileFiles.defaults() : files, hostOverhead);
  }
}
