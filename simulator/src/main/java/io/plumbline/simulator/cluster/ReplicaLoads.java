package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.RequestProgress;

/** What a router may know of the replicas, from replica 0 on. */
public interface ReplicaLoads {

  /** Requests that hold no memory: not started yet, or preempted. */
  int waiting(int replica);

  /** Requests that have started and are not done. */
  int running(int replica);

  /** Requests that were placed there and are not done. */
  default int outstanding(int replica) {
    return waiting(replica) + running(replica);
  }

  /** KV blocks that requests hold. */
  int kvBlocksUsed(int replica);

  /** Tokens of a request's prompt that are in the replica's cache. */
  int cachedPromptTokens(int replica, RequestProgress request);
}
