package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;

/**
 * Latency from measured operator profiles in Vidur's layout, interpolated between the measured
 * points and composed as Vidur composes them.
 *
 * @param root folder that holds {@code compute/}, {@code network/} and {@code cpu_overhead/}
 * @param launchedRoot such a folder with operators that were launched one by one, for iterations
 *     with a prefill, which engines do not replay from CUDA graphs; null to time all alike
 * @param files profile files that are elsewhere; null for none
 * @param kvGranularityTokens contexts are rounded up to a multiple of this
 * @param tokenGranularity numbers of tokens of a batch likewise, as Vidur's profiles know no others
 * @param decodeBatchingOverheadFraction extra attention time of several decodes, with grouped heads
 * @param prefillBatchingOverheadFraction extra attention time of several prefills, likewise
 * @param collectiveLaunchMs host time of one all-reduce
 * @param collectiveSkewMsPerDevice wait for the slowest device, times tensor degree to the 1.25
 * @param hostOverhead whether the host's own time counts
 */
public record ProfiledSpec(
    String root,
    String launchedRoot,
    ProfileFiles files,
    int kvGranularityTokens,
    int tokenGranularity,
    double decodeBatchingOverheadFraction,
    double prefillBatchingOverheadFraction,
    double collectiveLaunchMs,
    double collectiveSkewMsPerDevice,
    HostOverhead hostOverhead)
    implements PredictorSpec, BlockOptions {

  public ProfiledSpec {
    BlockOptions.requirePositive("tokenGranularity", tokenGranularity);
    BlockOptions.requireValid(
        kvGranularityTokens,
        decodeBatchingOverheadFraction,
        prefillBatchingOverheadFraction,
        collectiveLaunchMs,
        collectiveSkewMsPerDevice);
  }

  /** Vidur's defaults, profiles as in its repository. */
  public static ProfiledSpec defaults() {
    return new ProfiledSpec(
        "vidur/data/profiling",
        null,
        null,
        64,
        VIDUR_TOKEN_GRANULARITY,
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
    OperatorProfile profile = profiles.profile(profileQuery(), deployment);
    profileQuery().requireAnswered(profile.operators(), deployment);
    ExecutionTimePredictor graphed =
        composition(profile.graphed(), deployment, limits, compatibility);
    return launchedRoot == null
        ? graphed
        : new LaunchedPrefills(
            graphed, composition(profile.launched(), deployment, limits, compatibility));
  }

  private ExecutionTimePredictor composition(
      OperatorProfile profile,
      Deployment deployment,
      TableLimits limits,
      Compatibility compatibility) {
    OperatorTimes times = new InterpolatedTimes(profile, this, limits);
    return new BlockComposition(deployment, this, times, compatibility);
  }

  @Override
  public void requireSupports(Deployment deployment) {
    BlockOptions.requireSupports("profiled", deployment);
  }

  @Override
  public ProfileQuery profileQuery() {
    ProfileQuery query =
        new ProfileQuery(root, files == null ? ProfileFiles.defaults() : files, hostOverhead);
    return launchedRoot == null ? query : query.withLaunched(launchedRoot);
  }
}
