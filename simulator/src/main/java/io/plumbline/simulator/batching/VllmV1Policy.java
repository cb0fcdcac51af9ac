package io.plumbline.simulator.batching;

/** In which order vLLM v1 serves requests; its {@code policy}. */
public enum VllmV1Policy {
  /** First come, first served; the newest is preempted. */
  FCFS,
  /** Lowest priority number first, then by arrival; the last in that order is preempted. */
  PRIORITY
}
