package io.plumbline.simulator.cluster;

import io.plumbline.simulator.engine.Compatibility;

/** Least outstanding requests: the replica with the fewest, the first of equals. */
public record LorSpec() implements RouterSpec {

  public static LorSpec defaults() {
    return new LorSpec();
  }

  @Override
  public RequestRouter create(int replicas, Compatibility compatibility) {
    // Vidur counts the waiting ones only.
    boolean countRunning = compatibility != Compatibility.VIDUR;
    return (request, loads) -> {
      int least = 0;
      int fewest = Integer.MAX_VALUE;
      for (int replica = 0; replica < replicas; replica++) {
        int outstanding = loads.waiting(replica) + (countRunning ? loads.running(replica) : 0);
        if (outstanding < fewest) {
          least = replica;
          fewest = outstanding;
        }
      }
      return least;
    };
  }
}
