package io.plumbline.simulator.cluster;

/** When keys and values are sent. */
public enum KvOverlap {
  /** All at once, when the prefill has ended, as DistServe and vLLM's NIXL connector do. */
  NONE,
  /**
   * Layer by layer during the last iteration of the prefill, as Splitwise does; what that iteration
   * does not hide is left over, and at least the last layer. Only where the receiver has room and
   * both ends have a free stream when the prefill ends; else as {@link #NONE}.
   */
  LAYERS
}
