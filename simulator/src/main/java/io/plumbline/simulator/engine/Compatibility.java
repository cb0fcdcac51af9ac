package io.plumbline.simulator.engine;

/**
 * Which behaviour to follow where an original simulator does what its users would not expect. Each
 * difference is listed in docs/compatibility.md and has a test that shows both.
 */
public enum Compatibility {
  /** The right behaviour. */
  STANDARD,
  /** Vidur's, mistakes included: for comparing with its published numbers. */
  VIDUR
}
