package io.plumbline.trace.program;

/** Accesses of whole warps to vectors of 16-bit numbers, eight a lane. */
final class Vectors {
  /** Numbers of a lane and access. */
  static final int NUMBERS = 8;

  private Vectors() {}

  /** The lanes that have numbers, beginning with those of a thread. */
  static int lanes(long firstThread, long numbers) {
    long threads = (numbers + NUMBERS - 1) / NUMBERS;
    long valid = Math.max(0, Math.min(WarpCode.LANES, threads - firstThread));
    return valid == WarpCode.LANES ? WarpCode.ALL_LANES : (1 << valid) - 1;
  }

  static long[] addresses(long base, long firstThread) {
    long[] addresses = new long[WarpCode.LANES];
    for (int lane = 0; lane < WarpCode.LANES; lane++) {
      addresses[lane] = base + (firstThread + lane) * TileCopy.CHUNK_BYTES;
    }
    return addresses;
  }

  /** Makes 32 bits of packed 16-bit numbers, or the reverse. */
  static void widen(WarpCode code, int packed, int first) {
    for (int i = 0; i < NUMBERS; i++) {
      code.add("HADD2.F32", first + i, packed + i / 2);
    }
  }

  static void narrow(WarpCode code, Dialect dialect, int first, int packed) {
    String opcode = dialect == Dialect.VOLTA ? "F2F.F16.F32" : "F2FP.PACK_AB";
    for (int i = 0; i < NUMBERS; i += 2) {
      code.add(opcode, packed + i / 2, first + i, first + i + 1);
    }
  }
}
