package io.plumbline.trace.run;

/** What became of a request; every request of a run has exactly one. */
public enum RequestOutcome {
  /** All output tokens were produced. */
  COMPLETED,
  /** Refused at arrival: it could never fit (prompt or context longer than the engine allows). */
  REJECTED,
  /** The run ended first: time limit, or stuck in a queue. */
  UNFINISHED
}
