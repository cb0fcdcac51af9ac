package io.plumbline.simulator.cluster;

import io.plumbline.simulator.engine.Compatibility;

/** Replicas in turn, in order of arrival. */
public record RoundRobinSpec() implements RouterSpec {

  public static RoundRobinSpec defaults() {
    return new RoundRobinSpec();
  }

  @Override
  public RequestRouter create(int replicas, Compatibility compatibility) {
    int[] next = {0};
    return (request, loads) -> {
      int replica = next[0];
      next[0] = (replica + 1) % replicas;
      return replica;
    };
  }
}
