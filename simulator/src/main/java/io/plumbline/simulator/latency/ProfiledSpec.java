package io.plumbline.simulator.latency;

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
 */
public record ProfiledSpec(
    String root,
    int kvGranularityTokens,
    double decodeBatchingOverheadFraction,
    double prefillBatchingOverheadFraction,
    double collectiveLaunchMs,
    double collectiveSkewMsPerDevice)
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
    return new ProfiledSpec("vidur/data/profiling", 64, 0.1, 0.1, 0.02, 0.0);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment, TableLimits limits, ProfileSource profiles) {
    OperatorProfile profile = profiles.profile(root, deployment);
    return new BlockComposition(deployment, this, new InterpolatedTimes(profile, this, limits));
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
