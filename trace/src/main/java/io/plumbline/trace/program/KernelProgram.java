package io.plumbline.trace.program;

import io.plumbline.trace.kernel.KernelHeader;

/**
 * A kernel whose instructions follow from its parameters. Opcodes, dependences, lanes and addresses
 * are those of a plausible kernel; values are not.
 */
public interface KernelProgram {
  KernelHeader header();

  /** Turns of the main loop of each thread block; 1 if it has none. */
  default int iterations() {
    return 1;
  }

  /** The same with another number of turns; its addresses stay as far apart as before. */
  default KernelProgram withIterations(int turns) {
    if (turns != iterations()) {
      throw new IllegalArgumentException("%s has no loop".formatted(header().name()));
    }
    return this;
  }

  /** Arithmetic of the operator that it computes, in operations; padding does not count. */
  double flops();

  /** Bytes that it has to read once and to write once. */
  double trafficBytes();

  /** Appends what one warp of one thread block executes, {@code EXIT} included. */
  void warp(int cta, int warp, WarpCode code);
}
