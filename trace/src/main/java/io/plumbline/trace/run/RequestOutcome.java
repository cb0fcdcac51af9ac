package io.plumbline.trace.run;

/** What became of a request; every request of a run has exactly one. */
public enum RequestOutcome {
  /** All output tokens were produced. */
  COMPLETED,
  /**
   * Refused at arrival, before anything was produced: it could never fit (prompt or context longer
   * than the engine allows), or a server would not take it (HTTP 400, 413, 422, 429, 503).
   */
  REJECTED,
  /** The run ended first: time limit, or stuck in a queue. */
  UNFINISHED,
  /**
   * It broke: connection lost, timeout, an error of the server, an unreadable answer, or another
   * number of tokens than asked for. The tokens that came are kept.
   */
  FAILED
}
