package io.plumbline.jobs.conformance;

/** What became of one case. */
enum Verdict {
  PASS,
  FAIL,
  /** It could not be run here; the reason is with it. */
  SKIPPED
}
