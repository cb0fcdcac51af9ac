package io.plumbline.trace.program;

/** How the lanes of a warp share a matrix that tensor cores take or give. */
final class Fragments {
  private static final int ROWS = 16;
  private static final int ELEMENT_BYTES = 2;
  private static final int LANES_OF_ROW = 4;

  private Fragments() {}

  /** A row-major matrix of 16-bit numbers in global memory. */
  record Matrix(long base, int rows, int columns) {}

  /** Loads 16 rows of 16 numbers from a tile in shared memory. */
  static void load(
      WarpCode code, Dialect dialect, int register, TileCopy.Tile of, int row, int chunk) {
    long[] addresses = new long[WarpCode.LANES];
    for (int lane = 0; lane < WarpCode.LANES; lane++) {
      addresses[lane] = of.shared(row + lane % ROWS, chunk + lane / ROWS);
    }
    code.load(dialect.fragmentLoad(), register, 10, WarpCode.ALL_LANES, addresses);
  }

  /** Rounds 8 rows of 8 sums to 16 bits and stores those that the matrix has. */
  static void store(
      WarpCode code, Dialect dialect, int register, Matrix matrix, int row, int column) {
    long[] addresses = new long[WarpCode.LANES];
    int lanes = 0;
    for (int lane = 0; lane < WarpCode.LANES; lane++) {
      int toRow = row + lane / LANES_OF_ROW;
      int toColumn = column + lane % LANES_OF_ROW * 2;
      if (toRow < matrix.rows && toColumn < matrix.columns) {
        lanes |= 1 << lane;
        addresses[lane] = matrix.base + ((long) toRow * matrix.columns + toColumn) * ELEMENT_BYTES;
      }
    }
    if (lanes != 0) {
      code.add(dialect == Dialect.VOLTA ? "F2F.F16.F32" : "F2FP.PACK_AB", 16, register);
      code.store(dialect.globalStore(4), 12, 16, lanes, addresses);
    }
  }
}
