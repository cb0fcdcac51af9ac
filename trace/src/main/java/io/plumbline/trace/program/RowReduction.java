package io.plumbline.trace.program;

import io.plumbline.trace.kernel.KernelHeader;

/**
 * Softmax or a norm of each row of a matrix of 16-bit numbers: a thread block for a row. A row
 * stays in registers if it is short enough, else it is read again for every pass.
 */
public record RowReduction(Function function, int rows, int columns, Dialect dialect)
    implements KernelProgram {
  /** What becomes of a row. */
  public enum Function {
    /** The greatest, the sum of the exponentials, the quotients. */
    SOFTMAX(3, 1, 1),
    /** Mean, variance, scaled and shifted by two vectors. */
    LAYER_NORM(3, 0, 1),
    /** The mean of the squares, scaled by one vector. */
    RMS_NORM(2, 0, 1);

    private final int passes;
    private final int transcendental;
    private final int arithmetic;

    Function(int passes, int transcendental, int arithmetic) {
      this.passes = passes;
      this.transcendental = transcendental;
      this.arithmetic = arithmetic;
    }

    private int parameters() {
      return this == SOFTMAX ? 0 : passes - 1;
    }
  }

  private static final int MOST_THREADS = 256;
  private static final int MOST_HELD = 4;
  private static final int HELD = 96;
  private static final int PARAMETERS = 16;
  private static final int TOTAL = 60;
  private static final int OTHER = 61;
  private static final int SHARED_BYTES = 64;

  public RowReduction {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "rows (%d) and columns (%d) must be positive".formatted(rows, columns));
    }
  }

  @Override
  public KernelHeader header() {
    int registers = vectors() <= MOST_HELD ? HELD + Vectors.NUMBERS * vectors() : HELD + 32;
    return new KernelHeader(
        function == Function.SOFTMAX ? "softmax" : "norm",
        rows,
        threads(),
        SHARED_BYTES * function.passes,
        registers,
        dialect.architecture());
  }

  private int threads() {
    int warps =
        (columns + WarpCode.LANES * Vectors.NUMBERS - 1) / (WarpCode.LANES * Vectors.NUMBERS);
    return Math.min(MOST_THREADS, warps * WarpCode.LANES);
  }

  /** Vectors of a thread in one pass. */
  private int vectors() {
    int each = threads() * Vectors.NUMBERS;
    return (columns + each - 1) / each;
  }

  @Override
  public double flops() {
    double each = function.passes * (function.arithmetic + function.transcendental);
    return (double) rows * columns * each;
  }

  @Override
  public double trafficBytes() {
    return 2.0 * columns * (2.0 * rows + function.parameters());
  }

  @Override
  public void warp(int cta, int warp, WarpCode code) {
    boolean held = vectors() <= MOST_HELD;
    dialect.prologue(code, 4);
    if (held) {
      for (int vector = 0; vector < vectors(); vector++) {
        load(code, cta, warp, vector, vector);
      }
    }
    for (int pass = 1; pass < function.passes; pass++) {
      code.add("CS2R", TOTAL);
      for (int vector = 0; vector < vectors(); vector++) {
        int slot = slot(vector);
        if (!held) {
          load(code, cta, warp, vector, slot);
        }
        accumulate(code, pass, slot);
      }
      reduce(code, warp, pass);
    }
    code.add("MUFU.RCP", TOTAL, TOTAL);
    for (int vector = 0; vector < vectors(); vector++) {
      if (!held) {
        load(code, cta, warp, vector, slot(vector));
      }
      finish(code, cta, warp, vector);
    }
    code.add("EXIT", WarpCode.NONE);
  }

  private static int slot(int vector) {
    return vector % MOST_HELD;
  }

  private long firstThread(int warp, int vector) {
    return (long) vector * threads() + (long) warp * WarpCode.LANES;
  }

  private long base(int operand, int cta) {
    long threadsOfRow = ((long) columns + Vectors.NUMBERS - 1) / Vectors.NUMBERS;
    return Heap.buffer(operand) + cta * threadsOfRow * TileCopy.CHUNK_BYTES;
  }

  private void load(WarpCode code, int cta, int warp, int vector, int slot) {
    long thread = firstThread(warp, vector);
    int lanes = Vectors.lanes(thread, columns);
    if (lanes != 0) {
      long[] addresses = Vectors.addresses(base(0, cta), thread);
      code.load(dialect.globalLoad(16), 32 + 4 * slot, 4, lanes, addresses);
      Vectors.widen(code, 32 + 4 * slot, HELD + Vectors.NUMBERS * slot);
    }
  }

  private void accumulate(WarpCode code, int pass, int slot) {
    for (int i = 0; i < Vectors.NUMBERS; i++) {
      int number = HELD + Vectors.NUMBERS * slot + i;
      if (function != Function.SOFTMAX) {
        code.add("FFMA", TOTAL, number, TOTAL);
      } else if (pass == 1) {
        code.add("FMNMX", TOTAL, TOTAL, number);
      } else {
        code.add("FFMA", number, number, OTHER);
        code.add("MUFU.EX2", number, number);
        code.add("FADD", TOTAL, TOTAL, number);
      }
    }
  }

  /** Within the warp by exchanges, among warps through shared memory. */
  private void reduce(WarpCode code, int warp, int pass) {
    String opcode = function == Function.SOFTMAX && pass == 1 ? "FMNMX" : "FADD";
    exchange(code, opcode, WarpCode.LANES);
    int warps = threads() / WarpCode.LANES;
    if (warps > 1) {
      long[] own = new long[WarpCode.LANES];
      long[] all = new long[WarpCode.LANES];
      for (int lane = 0; lane < WarpCode.LANES; lane++) {
        own[lane] = (long) pass * SHARED_BYTES + 4L * warp;
        all[lane] = (long) pass * SHARED_BYTES + 4L * lane;
      }
      code.store("STS", 10, TOTAL, 1, own);
      dialect.barrier(code);
      code.load("LDS", TOTAL, 10, (1 << warps) - 1, all);
      exchange(code, opcode, warps);
    }
    code.add("MOV", OTHER, TOTAL);
  }

  private static void exchange(WarpCode code, String opcode, int lanes) {
    for (int distance = 1; distance < lanes; distance *= 2) {
      code.add("SHFL.BFLY", OTHER, TOTAL);
      code.add(opcode, TOTAL, TOTAL, OTHER);
    }
  }

  private void finish(WarpCode code, int cta, int warp, int vector) {
    long thread = firstThread(warp, vector);
    int lanes = Vectors.lanes(thread, columns);
    if (lanes == 0) {
      return;
    }
    int first = HELD + Vectors.NUMBERS * slot(vector);
    for (int parameter = 0; parameter < function.parameters(); parameter++) {
      long[] addresses = Vectors.addresses(Heap.buffer(2 + parameter), thread);
      int register = PARAMETERS + 4 * parameter;
      code.load(dialect.globalLoad(16), register, 8, lanes, addresses);
    }
    for (int i = 0; i < Vectors.NUMBERS; i++) {
      code.add("FMUL", first + i, first + i, TOTAL);
      for (int parameter = 0; parameter < function.parameters(); parameter++) {
        code.add("FFMA", first + i, first + i, PARAMETERS + 4 * parameter + i / 2);
      }
    }
    Vectors.narrow(code, dialect, first, 48);
    long[] addresses = Vectors.addresses(base(1, cta), thread);
    code.store(dialect.globalStore(16), 6, 48, lanes, addresses);
  }
}
