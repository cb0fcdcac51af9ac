package io.plumbline.simulator.latency;

/** How replicas that share experts send each other their tokens. */
public enum ExpertExchange {
  /** Every device gathers the tokens of all, and their sums are scattered back: vLLM's default. */
  ALL_GATHER,
  /** Each token goes to the devices of its experts and back: DeepEP, pplx. */
  ALL_TO_ALL
}
