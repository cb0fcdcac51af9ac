package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import java.io.Serializable;

/** Choice and options of a latency model; each kind builds itself. */
public sealed interface PredictorSpec extends Serializable permits ProfiledSpec, RooflineSpec {

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

  /** Folder of the measured profiles that this kind reads; null if it reads none. */
  default String profileRoot() {
    return null;
  }
}
