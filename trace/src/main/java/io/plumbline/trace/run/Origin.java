package io.plumbline.trace.run;

/** Where a run trace comes from. */
public enum Origin {
  /** A simulator predicted it. */
  SIMULATED,
  /** A real device produced it. */
  MEASURED
}
