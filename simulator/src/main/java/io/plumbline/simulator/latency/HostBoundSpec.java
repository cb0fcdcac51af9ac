package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.learning.LearnerSpec;

/**
 * An engine without CUDA graphs: the host launches kernel by kernel while the devices run what was
 * launched, so a stage takes the longer of both, whichever predictor knows the kernels. What the
 * host does before the first and after the last launch (scheduling, inputs, sampled tokens) comes
 * on top.
 *
 * @param kernels times of the devices
 * @param host work of the host that nothing overlaps
 * @param launch work of the host that the kernels overlap
 */
public record HostBoundSpec(PredictorSpec kernels, StepTerms host, LaunchTerms launch)
    implements PredictorSpec {

  public HostBoundSpec {
    if (kernels instanceof HostBoundSpec) {
      throw new IllegalArgumentException(
          "kernels (host_bound) must be a predictor of devices. Maybe kernels: roofline");
    }
  }

  /** Of the cards, and a host that takes no time. */
  public static HostBoundSpec defaults() {
    return new HostBoundSpec(RooflineSpec.defaults(), StepTerms.defaults(), LaunchTerms.defaults());
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    return new HostBoundPredictor(
        deployment, this, kernels.create(deployment, limits, profiles, compatibility));
  }

  @Override
  public void requireSupports(Deployment deployment) {
    kernels.requireSupports(deployment);
  }

  @Override
  public ProfileQuery profileQuery() {
    return kernels.profileQuery();
  }

  @Override
  public LearnerSpec learner() {
    return kernels.learner();
  }

  /** The same kernels on another host. */
  public HostBoundSpec onHost(StepTerms newHost, LaunchTerms newLaunch) {
    return new HostBoundSpec(kernels, newHost, newLaunch);
  }
}
