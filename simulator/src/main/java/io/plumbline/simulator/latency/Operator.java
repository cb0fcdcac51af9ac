package io.plumbline.simulator.latency;

/** What is timed by itself: a kernel of a transformer block, a transfer, a step of the host. */
public sealed interface Operator permits AttentionOperator, HostOperator, LayerOperator, TokenOperator {

  /** Name in Vidur's profile columns and tables. */
  String profileName();
}
