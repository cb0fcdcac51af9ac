package io.plumbline.trace.gpu;

/** In which order a warp scheduler tries its warps. */
public enum WarpOrder {
  /** In turn, beginning after the warp that issued last. */
  LOOSE_ROUND_ROBIN,
  /** The warp that issued last, then the oldest. */
  GREEDY_THEN_OLDEST
}
