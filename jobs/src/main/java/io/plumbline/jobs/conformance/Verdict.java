package io.plumbline.jobs.conformance;

/** What became of one case. */
enum Verdict {
  PASS,
  FAIL,
  /** It was compared, but no limit applies to it; the reason is with it. */
  UNJUDGED,
  /** It could not be run here; the reason is with it. */
  SKIPPED
}
