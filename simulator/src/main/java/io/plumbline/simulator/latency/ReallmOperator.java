package io.plumbline.simulator.latency;

import io.plumbline.simulator.reallm.KernelKind;

/** Kernels of a ReaLLM library, over the sizes of their shapes; in seconds. */
public enum ReallmOperator implements Operator {
  /** Over (batch, rows, inner width, columns). */
  MATMUL(KernelKind.MATMUL),
  /** Over (rows, columns), like all that follow. */
  SOFTMAX(KernelKind.SOFTMAX),
  MUL(KernelKind.MUL),
  LAYERNORM(KernelKind.LAYERNORM),
  SILU(KernelKind.SILU);

  private final KernelKind kind;

  ReallmOperator(KernelKind kind) {
    this.kind = kind;
  }

  /** The kind of which a library has a file. */
  public KernelKind kind() {
    return kind;
  }

  @Override
  public String profileName() {
    return "reallm_" + kind.word();
  }
}
