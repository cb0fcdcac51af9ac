package io.plumbline.simulator.cluster;

import io.plumbline.simulator.engine.Compatibility;

/** The replica whose requests hold the fewest KV blocks; of equals the one with fewest requests. */
public record LeastKvSpec() implements RouterSpec {

  public static LeastKvSpec defaults() {
    return new LeastKvSpec();
  }

  @Override
  public RequestRouter create(int replicas, Compatibility compatibility) {
    return (request, loads) -> {
      int least = 0;
      for (int replica = 1; replica < replicas; replica++) {
        int more = Integer.compare(loads.kvBlocksUsed(replica), loads.kvBlocksUsed(least));
        if (more < 0 || (more == 0 && loads.outstanding(replica) < loads.outstanding(least))) {
          least = replica;
        }
      }
      return least;
    };
  }
}
