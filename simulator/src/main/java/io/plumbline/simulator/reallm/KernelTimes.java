package io.plumbline.simulator.reallm;

/** Latency of single kernels, in seconds, by kind and shape. */
public interface KernelTimes {
  double matmul(long batch, long rows, long inner, long columns);

  double softmax(long rows, long columns);

  double mul(long rows, long columns);

  double layerNorm(long rows, long columns);

  double silu(long rows, long columns);

  /** The same with another choice where a look-up has several answers. */
  default KernelTimes choosing(TieChoice choice) {
    return this;
  }

  /** Look-ups since the beginning of which the original's answer depends on its own order. */
  default long ties() {
    return 0;
  }
}
