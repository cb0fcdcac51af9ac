package io.plumbline.simulator.cluster;

import io.plumbline.simulator.engine.Compatibility;
import java.io.Serializable;

/** Choice of a request router; each kind builds itself. */
public sealed interface RouterSpec extends Serializable
    permits LeastKvSpec,
        LorSpec,
        PowerOfTwoSpec,
        PrefixAffinitySpec,
        RandomSpec,
        RoundRobinSpec,
        SessionStickySpec {

  /** Builds the router of a cluster of so many replicas. */
  RequestRouter create(int replicas, Compatibility compatibility);
}
