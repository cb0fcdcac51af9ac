package io.plumbline.simulator;

/** How much of a run to keep. */
public enum Recording {
  /** The timing of every request, and the utilization of replicas and stages. */
  REQUESTS,
  /** And every iteration of every stage. */
  ITERATIONS,
  /** And the time of every output token, and the requests of every iteration. */
  TOKENS,
  /** And the time of every operator in every iteration. */
  OPERATORS;

  boolean iterations() {
    return compareTo(ITERATIONS) >= 0;
  }

  boolean tokens() {
    return compareTo(TOKENS) >= 0;
  }

  boolean operators() {
    return this == OPERATORS;
  }
}
