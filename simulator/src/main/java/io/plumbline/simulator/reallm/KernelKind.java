package io.plumbline.simulator.reallm;

import java.util.List;

/** Kinds of kernels that a library has a table of. */
public enum KernelKind {
  /** Batch, rows, inner size, columns. */
  MATMUL("matmul", 4, 1.0e-5),
  SOFTMAX("softmax", 2, 0.3e-5),
  MUL("mul", 2, 0.3e-5),
  LAYERNORM("layernorm", 2, 0.3e-5),
  SILU("silu", 2, 0.3e-5);

  private final String word;
  private final int dimensions;
  private final double overheadSeconds;

  KernelKind(String word, int dimensions, double overheadSeconds) {
    this.word = word;
    this.dimensions = dimensions;
    this.overheadSeconds = overheadSeconds;
  }

  /** The word in the name of its file. */
  public String word() {
    return word;
  }

  /** Sizes of one of its shapes. */
  public int dimensions() {
    return dimensions;
  }

  /** Columns of its file that have these sizes, in order. */
  public List<String> columns() {
    return dimensions == 4 ? List.of("B", "M", "K", "N") : List.of("M", "N");
  }

  /** What is added to a latency that is not in the table itself, in seconds. */
  double overheadSeconds() {
    return overheadSeconds;
  }
}
