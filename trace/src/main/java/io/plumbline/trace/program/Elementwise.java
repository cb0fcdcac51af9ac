package io.plumbline.trace.program;

import io.plumbline.trace.kernel.KernelHeader;

/**
 * A function of each element of one or more vectors of 16-bit numbers.
 *
 * @param elements of each vector
 * @param inputs vectors that are read; one is written
 * @param arithmetic operations of an element in 32 bits
 * @param transcendental those of its operations that the special-function unit does
 */
public record Elementwise(
    long elements, int inputs, int arithmetic, int transcendental, Dialect dialect)
    implements KernelProgram {
  private static final int THREADS = 256;
  private static final int MOST_INPUTS = 4;
  private static final int WIDE = 64;

  public Elementwise {
    if (elements < 1 || inputs < 1 || inputs > MOST_INPUTS || arithmetic < 0) {
      throw new IllegalArgumentException(
          "elements (%d) must be positive, inputs (%d) from 1 to %d, arithmetic (%d) not negative"
              .formatted(elements, inputs, MOST_INPUTS, arithmetic));
    }
    if (elements / (THREADS * Vectors.NUMBERS) >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException("elements (%d) are too many".formatted(elements));
    }
  }

  /** GELU by its tanh formula. */
  public static Elementwise gelu(long elements, Dialect dialect) {
    return new Elementwise(elements, 1, 8, 2, dialect);
  }

  /** SiLU of one half of a product times the other half. */
  public static Elementwise gatedSilu(long elements, Dialect dialect) {
    return new Elementwise(elements, 2, 4, 2, dialect);
  }

  /** The sum of two vectors. */
  public static Elementwise sum(long elements, Dialect dialect) {
    return new Elementwise(elements, 2, 1, 0, dialect);
  }

  @Override
  public KernelHeader header() {
    long each = (long) THREADS * Vectors.NUMBERS;
    int ctas = (int) ((elements + each - 1) / each);
    return new KernelHeader("elementwise", ctas, THREADS, 0, 40, dialect.architecture());
  }

  @Override
  public double flops() {
    return (double) elements * (arithmetic + transcendental);
  }

  @Override
  public double trafficBytes() {
    return 2.0 * elements * (inputs + 1);
  }

  @Override
  public void warp(int cta, int warp, WarpCode code) {
    long thread = (long) cta * THREADS + (long) warp * WarpCode.LANES;
    int lanes = Vectors.lanes(thread, elements);
    dialect.prologue(code, inputs + 1);
    code.add("ISETP.GE.AND", WarpCode.NONE, 0);
    if (lanes != 0) {
      for (int input = 0; input < inputs; input++) {
        long[] addresses = Vectors.addresses(Heap.buffer(input), thread);
        code.load(dialect.globalLoad(16), 16 + 4 * input, 4 + 2 * input, lanes, addresses);
      }
      for (int input = 0; input < inputs; input++) {
        Vectors.widen(code, 16 + 4 * input, WIDE + Vectors.NUMBERS * input);
      }
      for (int i = 0; i < Vectors.NUMBERS; i++) {
        calculate(code, WIDE + i);
      }
      Vectors.narrow(code, dialect, WIDE, 48);
      long[] addresses = Vectors.addresses(Heap.buffer(inputs), thread);
      code.store(dialect.globalStore(16), 4 + 2 * inputs, 48, lanes, addresses);
    }
    code.add("EXIT", WarpCode.NONE);
  }

  private void calculate(WarpCode code, int number) {
    int other = inputs > 1 ? number + Vectors.NUMBERS : 2;
    for (int i = 0; i < transcendental; i++) {
      code.add(i % 2 == 0 ? "MUFU.EX2" : "MUFU.RCP", number, number);
    }
    for (int i = 0; i < arithmetic; i++) {
      code.add("FFMA", number, number, other);
    }
  }
}
