package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.ModelSpec;

/** Vidur's constants of how {@link BlockComposition} adds measured operators up. */
public interface BlockOptions {

  /** What Vidur's profiles were measured at. */
  int VIDUR_TOKEN_GRANULARITY = 8;

  /** Contexts are rounded up to a multiple of this. */
  int kvGranularityTokens();

  /** Operators that depend on tokens alone are timed at multiples of this. */
  default int tokenGranularity() {
    return VIDUR_TOKEN_GRANULARITY;
  }

  /** Extra attention time of several decodes, with grouped heads. */
  double decodeBatchingOverheadFraction();

  /** Extra attention time of several prefills, likewise. */
  double prefillBatchingOverheadFraction();

  /** Host time of one all-reduce. */
  double collectiveLaunchMs();

  /** Wait for the slowest device, times tensor degree to the 1.25. */
  double collectiveSkewMsPerDevice();

  /** Whether the host's own time counts. */
  HostOverhead hostOverhead();

  /** Refuses values out of range; for constructors, which have no object yet. */
  static void requireValid(
      int kvGranularityTokens,
      double decodeBatchingOverheadFraction,
      double prefillBatchingOverheadFraction,
      double collectiveLaunchMs,
      double collectiveSkewMsPerDevice) {
    requirePositive("kvGranularityTokens", kvGranularityTokens);
    requireNotNegative("decodeBatchingOverheadFraction", decodeBatchingOverheadFraction);
    requireNotNegative("prefillBatchingOverheadFraction", prefillBatchingOverheadFraction);
    requireNotNegative("collectiveLaunchMs", collectiveLaunchMs);
    requireNotNegative("collectiveSkewMsPerDevice", collectiveSkewMsPerDevice);
  }

  /** Refuses what profiles in Vidur's layout have no operators for. */
  static void requireSupports(String kind, Deployment deployment) {
    deployment.requireUnquantized(kind);
    ModelSpec model = deployment.model();
    if (model.mixtureOfExperts() || model.latentAttention() != null) {
      throw new IllegalArgumentException(
          "%s has no operators for the %s of %s. Maybe predictor: roofline"
              .formatted(
                  kind, model.mixtureOfExperts() ? "experts" : "latent attention", model.name()));
    }
  }

  /** Refuses a count below one. */
  static void requirePositive(String what, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s (%d) must be positive".formatted(what, value));
    }
  }

  private static void requireNotNegative(String what, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must not be negative".formatted(what, value));
    }
  }
}
