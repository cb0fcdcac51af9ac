package io.plumbline.trace.program;

/** How a generation of GPUs says the same thing in SASS. */
public enum Dialect {
  /** Copies through registers, products of tensor cores in four steps. */
  VOLTA(70, ".SYS", "BAR.SYNC"),
  /** Asynchronous copies to shared memory, matrix loads from it, products in one step. */
  AMPERE(80, "", "BAR.SYNC.DEFER_BLOCKING");

  private static final int VOLTA_STEPS = 4;

  private final int architecture;
  private final String scope;
  private final String barrier;

  Dialect(int architecture, String scope, String barrier) {
    this.architecture = architecture;
    this.scope = scope;
    this.barrier = barrier;
  }

  /** The dialect of a GPU; Hopper runs Ampere's instructions, at Ampere's rate an instruction. */
  public static Dialect of(int computeCapabilityMajor) {
    return computeCapabilityMajor < 8 ? VOLTA : AMPERE;
  }

  public int architecture() {
    return architecture;
  }

  /** Operations of one instruction of the tensor cores. */
  public int flopsOfTensorInstruction() {
    return this == VOLTA ? 512 : 4096;
  }

  String globalLoad(int bytes) {
    return "LDG.E" + width(bytes) + scope;
  }

  String globalStore(int bytes) {
    return "STG.E" + width(bytes) + scope;
  }

  private static String width(int bytes) {
    return switch (bytes) {
      case 2 -> ".U16";
      case 4 -> "";
      default -> "." + bytes * Byte.SIZE;
    };
  }

  /** A fragment of 16 rows and 16 columns of 16-bit numbers from shared memory. */
  String fragmentLoad() {
    return this == VOLTA ? "LDS.128" : "LDSM.16.M88.4";
  }

  void barrier(WarpCode code) {
    code.add(barrier, WarpCode.NONE);
  }

  /** A product of 16 x 16 by 16 x 8, added to an accumulator of 32 bits: 4096 operations. */
  void multiply(WarpCode code, int left, int right, int accumulator) {
    if (this == AMPERE) {
      code.add("HMMA.16816.F32", accumulator, left, right, accumulator);
      return;
    }
    for (int half = 0; half < 2; half++) {
      for (int step = 0; step < VOLTA_STEPS; step++) {
        int result = accumulator + step;
        code.add("HMMA.884.F32.F32.STEP" + step, result, left + half, right + half, result);
      }
    }
  }

  /** Where every kernel begins: which thread this is, and some addresses. */
  void prologue(WarpCode code, int addressRegisters) {
    code.add("MOV", 1);
    code.add("S2R", 0);
    code.add("S2R", 3);
    for (int i = 0; i < addressRegisters; i++) {
      code.add("IMAD.WIDE", 4 + 2 * i, 0, 3);
    }
  }

  /** The end of a turn of a loop. */
  void turn(WarpCode code) {
    code.add("IADD3", 4, 4);
    code.add("IADD3", 6, 6);
    code.add("ISETP.GE.AND", WarpCode.NONE, 2);
    code.add("BRA", WarpCode.NONE);
  }
}
