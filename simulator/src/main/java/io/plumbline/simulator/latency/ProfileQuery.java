package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;
import java.util.Set;

/**
 * What a predictor wants to read of a deployment's profile.
 *
 * @param root folder in Vidur's layout, as the specification names it
 * @param files files that are elsewhere
 * @param hostOverhead whether the host's times are wanted as well
 */
public record ProfileQuery(String root, ProfileFiles files, HostOverhead hostOverhead) {

  /** Refuses what was found if the host's times are wanted and missing. */
  void requireAnswered(Set<Operator> found, Deployment deployment) {
    if (hostOverhead == HostOverhead.PROFILED
        && found.stream().noneMatch(HostOperator.class::isInstance)) {
      throw new IllegalArgumentException(
          "hostOverhead is profiled but the profile of %s in %s has no host operators. Maybe: none"
              .formatted(deployment.model().name(), root));
    }
  }
}
