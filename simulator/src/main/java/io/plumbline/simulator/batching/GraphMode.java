package io.plumbline.simulator.batching;

/** How the kernels of a forward pass are launched. */
public enum GraphMode {
  /** One by one: eagerly, or as compiled code without a captured graph. */
  NONE,
  /** As CUDA graphs of the pieces between attention, attention itself one by one. */
  PIECEWISE,
  /** As one CUDA graph. */
  FULL
}
