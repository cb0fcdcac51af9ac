package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;

/** Gives the measured profile of a deployment; the core itself reads no files. */
@FunctionalInterface
public interface ProfileSource {

  /**
   * Looks a profile up.
   *
   * @param root folder as the specification names it
   */
  OperatorProfile profile(String root, Deployment deployment);

  /** For predictors that read none. */
  static ProfileSource none() {
    return (root, deployment) -> {
      throw new IllegalStateException("no profiles here, but %s is asked for".formatted(root));
    };
  }
}
