package io.plumbline.trace.run;

/** What the replicas of a pool do with a request. */
public enum PoolRole {
  /** Its prefill alone, which gives the first token. */
  PREFILL,
  /** All tokens after the first, from keys and values that a prefill pool made. */
  DECODE,
  /** Everything. */
  MIXED
}
