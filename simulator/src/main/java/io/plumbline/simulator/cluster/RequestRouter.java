package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.RequestProgress;

/** Picks the replica of each arriving request. */
@FunctionalInterface
public interface RequestRouter {

  /**
   * Number of the replica, from 0.
   *
   * @param loads of the replicas at this moment, with all requests placed so far
   */
  int route(RequestProgress request, ReplicaLoads loads);
}
