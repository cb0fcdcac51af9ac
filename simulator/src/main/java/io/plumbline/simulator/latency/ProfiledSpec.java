package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import java.util.Locale;

/**
 * Latency from measured operator profiles in Vidur's layout, interpolated between the measured
 * points and composed as Vidur composes them.
 *
 * @param root folder that holds {@code compute/} and {@code network/}
 * @param kvGranularityTokens contexts are rounded up to a multiple of this
 * @param decodeBatchingOverheadFraction extra attention time of several decodes, with grouped heads
 * @param prefillBatchingOverheadFraction extra attention time of several prefills, likewise
 * @param collectiveLaunchMs host time of one all-reduce
 * @param collectiveSkewMsPerDevice wait for the slowest device, times tensor degree to the 1.25
 * @param hostOverhead whether the host's own time counts
 */
public record ProfiledSpec(
    String root,
    int kvGranularityTokens,
    double decodeBatchingOverheadFraction,
    double prefillBatchingOverheadFraction,
    double collectiveLaunchMs,
    double collectiveSkewMsPerDevice,
    HostOverhead hostOverhead)
    implements PredictorSpec {

  public ProfiledSpec {
    if (kvGranularityTokens <= 0) {
      throw new IllegalArgumentException(
          "kvGranularityTokens (%d) must be positive".formatted(kvGranularityTokens));
    }
    requireNotNegative("decodeBatchingOverheadFraction", decodeBatchingOverheadFraction);
    requireNotNegative("prefillBatchingOverheadFraction", prefillBatchingOverheadFraction);
    requireNotNegative("collectiveLaunchMs", collectiveLaunchMs);
    requireNotNegative("collectiveSkewMsPerDevice", collectiveSkewMsPerDevice);
  }

  /** Vidur's defaults, profiles as in its repository. */
  public static ProfiledSpec defaults() {
    return new ProfiledSpec("vidur/data/profiling", 64, 0.1, 0.1, 0.02, 0.0, HostOverhead.NONE);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    OperatorProfile profile = profiles.profile(root, deployment);
    if (hostOverhead == HostOverhead.PROFILED && profile.hostOperators().isEmpty()) {
      throw new IllegalArgumentException(
          "hostOverhead is profiled but the profile of %s in %s has no host operators. Maybe: none"
              .formatted(deployment.model().name(), root));
    }
    OperatorTimes times = new InterpolatedTimes(profile, this, limits);
    return new BlockComposition(deployment, this, times, compatibility);
  }

  @Override
  public void requireSupports(Deployment deployment) {
    if (deployment.dtype() != DataType.FLOAT16) {
      throw new IllegalArgumentException(
          "profiles are measured in float16, but dtype is %s. Maybe predictor: roofline"
              .formatted(deployment.dtype().name().toLowerCase(Locale.ROOT)));
    }
  }

  @Override
  public String profileRoot() {
    return root;
  }

  private static void requireNotNegative(String what, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must not be negative".formatted(what, value));
    }
  }
}
