package io.plumbline.trace.program;

/**
 * How a matrix product on tensor cores is cut: a tile of the result for each thread block, a part
 * of it for each warp, slices of the inner dimension that are in shared memory at the same time.
 *
 * @param inner columns of the left tile that one turn of the loop multiplies
 * @param stages slices in shared memory; those besides the first are on their way
 */
public record GemmTile(
    int rows, int columns, int inner, int warpRows, int warpColumns, int stages) {
  /** The usual tile of large products. */
  public static final GemmTile LARGE = new GemmTile(128, 128, 32, 64, 32, 3);

  /** For products that have fewer large tiles than the GPU has SMs. */
  public static final GemmTile MEDIUM = new GemmTile(64, 64, 32, 32, 32, 4);

  /** For few rows, as in decodes. */
  public static final GemmTile FLAT = new GemmTile(16, 64, 64, 16, 16, 4);

  private static final int FRAGMENT = 16;
  private static final int MOST_WARPS = 32;

  public GemmTile {
    if (warpRows % FRAGMENT != 0 || warpColumns % FRAGMENT != 0 || inner % FRAGMENT != 0) {
      throw new IllegalArgumentException(
          "warpRows (%d), warpColumns (%d) and inner (%d) must be multiples of %d"
              .formatted(warpRows, warpColumns, inner, FRAGMENT));
    }
    if (rows % warpRows != 0 || columns % warpColumns != 0 || stages < 2) {
      throw new IllegalArgumentException(
          "rows (%d) and columns (%d) must be multiples of warpRows (%d) and warpColumns (%d), stages (%d) at least 2"
              .formatted(rows, columns, warpRows, warpColumns, stages));
    }
    if (rows / warpRows * (columns / warpColumns) > MOST_WARPS
        || warpRows * warpColumns > 64 * 32) {
      throw new IllegalArgumentException(
          "a tile has at most %d warps of 64 x 32, not %d of %d x %d"
              .formatted(
                  MOST_WARPS, rows / warpRows * (columns / warpColumns), warpRows, warpColumns));
    }
  }

  /**
   * The largest tile that still gives every SM a thread block, as libraries choose it; flat where
   * there are few rows.
   */
  public static GemmTile fitting(int m, int n, int batch, int sms) {
    if (m <= FLAT.rows) {
      return FLAT;
    }
    return m > MEDIUM.rows && LARGE.ctas(m, n, batch) >= sms ? LARGE : MEDIUM;
  }

  int threads() {
    return rows / warpRows * (columns / warpColumns) * WarpCode.LANES;
  }

  long ctas(int m, int n, int batch) {
    return (long) batch * tiles(m, rows) * tiles(n, columns);
  }

  static int tiles(int length, int tile) {
    return (length + tile - 1) / tile;
  }
}
