package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.learning.LearnerSpec;
import java.io.Serializable;

/** Choice and options of a latency model; each kind builds itself. */
public sealed interface PredictorSpec extends Serializable
    permits HostBoundSpec,
        KernelTablesSpec,
        LayerProfileSpec,
        LearnedSpec,
        LlmcompassSpec,
        LlmcompassTunedSpec,
        ProfiledSpec,
        ReallmSpec,
        RooflineSpec,
        ScaledSpec,
        TraceSmSpec {

  /**
   * Builds the predictor of one deployment.
   *
   * @param limits largest batches to expect, for tables made up front
   * @param profiles where measured profiles come from, for kinds that need them
   */
  ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility);

  /**
   * Refuses a deployment that this kind cannot time.
   *
   * @throws IllegalArgumentException saying why
   */
  default void requireSupports(Deployment deployment) {}

  /** The measured profile that this kind reads; null if it reads none. */
  default ProfileQuery profileQuery() {
    return null;
  }

  /**
   * The same with other terms, for kinds that have them.
   *
   * @param host work of the host in every iteration
   * @param unprofiled time of the devices that no operator accounts for
   */
  default PredictorSpec with(StepTerms host, StepTerms unprofiled) {
    throw new IllegalArgumentException(
        "%s has no terms to calibrate. Maybe predictor: layer_profile or kernel_tables"
            .formatted(getClass().getSimpleName()));
  }

  /** How this kind learns from a profile; null if it does not. */
  default LearnerSpec learner() {
    return null;
  }
}
