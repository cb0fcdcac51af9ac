package io.plumbline.trace.program;

/**
 * Copies tiles from global to shared memory, 16 bytes a thread and instruction. Rows are swizzled,
 * so that neither the copy nor the loads of fragments meet bank conflicts that could be avoided.
 */
final class TileCopy {
  static final int CHUNK_BYTES = 16;

  private static final int CHUNKS_OF_ALL_BANKS = 8;
  private static final int FIRST_STAGED = 192;

  private final Dialect dialect;
  private final int threads;
  private final int warp;
  private final WarpCode code;
  private int staged = FIRST_STAGED;

  TileCopy(Dialect dialect, int threads, int warp, WarpCode code) {
    this.dialect = dialect;
    this.threads = threads;
    this.warp = warp;
    this.code = code;
  }

  /**
   * A tile.
   *
   * @param rows of the tile
   * @param validRows those of them that exist; the others are not read
   * @param chunks 16-byte pieces of a row
   */
  record Tile(long base, long rowBytes, int rows, int validRows, int chunks, long sharedBase) {
    /** Where a piece is in shared memory. */
    long shared(int row, int chunk) {
      int swizzle = row / Math.max(1, CHUNKS_OF_ALL_BANKS / chunks);
      int spread = Math.min(CHUNKS_OF_ALL_BANKS, Integer.lowestOneBit(chunks));
      int placed = chunk ^ swizzle % spread;
      return sharedBase + ((long) row * chunks + placed) * CHUNK_BYTES;
    }
  }

  /** Copies tiles; on Volta all are loaded before the first is stored. */
  void copy(Tile... tiles) {
    staged = FIRST_STAGED;
    for (Tile tile : tiles) {
      pass(tile, dialect == Dialect.AMPERE ? Step.COPY : Step.LOAD);
    }
    if (dialect == Dialect.AMPERE) {
      code.add("LDGDEPBAR", WarpCode.NONE);
      return;
    }
    staged = FIRST_STAGED;
    for (Tile tile : tiles) {
      pass(tile, Step.STORE);
    }
  }

  private enum Step {
    COPY,
    LOAD,
    STORE
  }

  private void pass(Tile tile, Step step) {
    int pieces = tile.rows * tile.chunks;
    for (int first = 0; first < pieces; first += threads) {
      long[] global = new long[WarpCode.LANES];
      long[] shared = new long[WarpCode.LANES];
      int lanes = 0;
      for (int lane = 0; lane < WarpCode.LANES; lane++) {
        int piece = first + warp * WarpCode.LANES + lane;
        int row = piece / tile.chunks;
        if (piece < pieces && row < tile.validRows) {
          lanes |= 1 << lane;
          int chunk = piece % tile.chunks;
          global[lane] = tile.base + row * tile.rowBytes + (long) chunk * CHUNK_BYTES;
          shared[lane] = tile.shared(row, chunk);
        }
      }
      if (lanes != 0) {
        emit(step, lanes, global, shared);
      }
    }
  }

  private void emit(Step step, int lanes, long[] global, long[] shared) {
    switch (step) {
      case COPY -> code.store("LDGSTS.E.BYPASS.LTC128B.128", 8, 4, lanes, global);
      case LOAD -> code.load(dialect.globalLoad(CHUNK_BYTES), next(), 4, lanes, global);
      case STORE -> code.store("STS.128", 8, next(), lanes, shared);
    }
  }

  private int next() {
    int register = staged;
    staged = staged + 4 > 248 ? FIRST_STAGED : staged + 4;
    return register;
  }
}
