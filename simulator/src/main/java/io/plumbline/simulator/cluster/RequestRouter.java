package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.RequestProgress;

/** Picks the replica of each arriving request. */
public interface RequestRouter {

  /** Number of the replica, from 0. */
  int route(RequestProgress request);
}
