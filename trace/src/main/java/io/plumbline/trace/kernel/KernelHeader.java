package io.plumbline.trace.kernel;

/**
 * How a kernel was launched.
 *
 * @param name mangled symbol
 * @param ctas thread blocks of the grid
 * @param threads threads of a block
 * @param sharedBytes static and dynamic shared memory of a block
 * @param registers registers of a thread
 * @param architecture SM number of the SASS: 70 is Volta, 80 Ampere
 */
public record KernelHeader(
    String name, int ctas, int threads, int sharedBytes, int registers, int architecture) {
  private static final int LANES = 32;

  public KernelHeader {
    require("ctas", ctas, 1);
    require("threads", threads, 1);
    require("sharedBytes", sharedBytes, 0);
    require("registers", registers, 0);
  }

  private static void require(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s (%d) must be at least %d".formatted(what, value, least));
    }
  }

  /** Warps of a block, the last one perhaps not full. */
  public int warpsPerCta() {
    return (threads + LANES - 1) / LANES;
  }
}
