package io.plumbline.jobs.error;

/** What a percent error means; the thresholds are in {@link Thresholds}. */
public enum Verdict {
  /** Close enough to decide by. */
  PASS,
  /** Close, but look before deciding by it. */
  WARN,
  /** Too far off to decide by. */
  FAIL
}
