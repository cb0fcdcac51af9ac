package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import java.util.Locale;

/**
 * Latency from LLMServingSim's profile of one layer: every operator interpolated over tokens,
 * sequences or the four sizes of attention, times the layers, and the collectives over the links of
 * the node besides. Beyond what was measured it follows the last slope and is counted as
 * extrapolated.
 *
 * @param root folder that holds {@code DEVICE/MODEL/VARIANT/tpN/}
 * @param variant the folder of a number format
 * @param host work of the host in every iteration, which the devices do not wait for under
 *     asynchronous scheduling
 * @param unprofiled time of the devices in every iteration that no operator accounts for: gaps
 *     between kernels, copies, clocks that fall under load
 * @param networkEfficiency share of the link bandwidth that collectives reach
 */
public record LayerProfileSpec(
    String root, String variant, StepTerms host, StepTerms unprofiled, double networkEfficiency)
    implements PredictorSpec, TermedSpec {

  public LayerProfileSpec {
    if (!(networkEfficiency > 0 && networkEfficiency <= 1)) {
      throw new IllegalArgumentException(
          "networkEfficiency (%s) must be above 0 and at most 1".formatted(networkEfficiency));
    }
  }

  /** The profile's times, vLLM's host, and the links at their full rate. */
  public static LayerProfileSpec defaults() {
    return new LayerProfileSpec("profile", "bf16", StepTerms.ofVllm(), StepTerms.defaults(), 1);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    return new LayerProfilePredictor(
        deployment, this, profiles.profile(profileQuery(), deployment), limits);
  }

  @Override
  public void requireSupports(Deployment deployment) {
    if (deployment.dtype() != DataType.FLOAT16) {
      throw new IllegalArgumentException(
          "layer_profile was measured in 16 bits, but dtype is %s. Maybe predictor: roofline"
              .formatted(deployment.dtype().name().toLowerCase(Locale.ROOT)));
    }
    deployment.requireUnquantized("layer_profile");
    if (deployment.model().latentAttention() != null) {
      throw new IllegalArgumentException(
          "layer_profile has no latent attention, which %s has"
              .formatted(deployment.model().name()));
    }
    boolean collectives =
        deployment.parallelism().devices() > 1 || deployment.parallelism().replicasInStep() > 1;
    if (collectives && !deployment.node().linksKnown()) {
      throw new IllegalArgumentException(
          "layer_profile needs the links of %s. Maybe choose a node with a card, or give them."
              .formatted(deployment.node().name()));
    }
  }

  @Override
  public PredictorSpec with(StepTerms newHost, StepTerms newUnprofiled) {
    return new LayerProfileSpec(root, variant, newHost, newUnprofiled, networkEfficiency);
  }

  @Override
  public ProfileQuery profileQuery() {
    return new ProfileQuery(ProfileFormat.LAYER_PROFILE, root, variant);
  }
}
