package io.plumbline.trace.program;

/** Where the operands of a program are: buffers far apart, as a device's allocator places them. */
final class Heap {
  private static final long START = 0x7f5000000000L;
  private static final long BUFFER_BYTES = 1L << 33;

  private Heap() {}

  /** The first byte of an operand. */
  static long buffer(int operand) {
    return START + operand * BUFFER_BYTES;
  }
}
