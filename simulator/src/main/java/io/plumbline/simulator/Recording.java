package io.plumbline.simulator;

/** How much of a run to keep. */
public enum Recording {
  /** The timing of every request. */
  REQUESTS,
  /** And every iteration of every stage. */
  ITERATIONS,
  /** And the time of every output token. */
  TOKENS;

  boolean iterations() {
    return compareTo(ITERATIONS) >= 0;
  }

  boolean tokens() {
    return this == TOKENS;
  }
}
