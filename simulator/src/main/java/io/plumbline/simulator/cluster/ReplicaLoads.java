package io.plumbline.simulator.cluster;

/** What a router may know of the replicas: how many requests each has, from replica 0 on. */
public interface ReplicaLoads {

  /** Requests that hold no memory: not started yet, or preempted. */
  int waiting(int replica);

  /** Requests that have started and are not done. */
  int running(int replica);
}
