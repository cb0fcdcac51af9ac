package io.plumbline.trace.program;

import io.plumbline.trace.kernel.KernelHeader;

/**
 * A product of 16-bit matrices on tensor cores, summed in 32 bits: C = A B, of A the rows and of B
 * the columns are contiguous. Several equal products are one grid.
 *
 * @param m rows of A
 * @param n columns of B
 * @param k inner dimension
 * @param batch equal products, each with operands of its own
 * @param iterations turns of the loop over k; those of the whole product unless it is shortened
 */
public record TensorGemm(
    int m, int n, int k, int batch, GemmTile tile, Dialect dialect, int iterations)
    implements KernelProgram {
  private static final int ELEMENT_BYTES = 2;
  private static final int FRAGMENT = 16;
  private static final int PRODUCT_COLUMNS = 8;
  private static final int LEFT = 32;
  private static final int RIGHT = 64;
  private static final int SUMS = 128;
  private static final int ADDRESSES = 6;

  public TensorGemm {
    if (Math.min(Math.min(m, n), Math.min(k, batch)) < 1 || iterations < 1) {
      throw new IllegalArgumentException(
          "m (%d), n (%d), k (%d), batch (%d) and iterations (%d) must be positive"
              .formatted(m, n, k, batch, iterations));
    }
    if (tile.ctas(m, n, batch) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%d products of %d x %d are too many thread blocks".formatted(batch, m, n));
    }
  }

  /** The whole product. */
  public TensorGemm(int m, int n, int k, int batch, GemmTile tile, Dialect dialect) {
    this(m, n, k, batch, tile, dialect, GemmTile.tiles(k, tile.inner()));
  }

  @Override
  public KernelHeader header() {
    int slice = (tile.rows() + tile.columns()) * tile.inner() * ELEMENT_BYTES;
    int sums = tile.warpRows() * tile.warpColumns() / WarpCode.LANES;
    return new KernelHeader(
        "gemm_hmma",
        (int) tile.ctas(m, n, batch),
        tile.threads(),
        slice * (dialect == Dialect.AMPERE ? tile.stages() : 1),
        Math.min(255, 64 + 2 * sums),
        dialect.architecture());
  }

  @Override
  public TensorGemm withIterations(int turns) {
    return new TensorGemm(m, n, k, batch, tile, dialect, turns);
  }

  @Override
  public double flops() {
    return 2.0 * m * n * k * batch;
  }

  @Override
  public double trafficBytes() {
    return (double) ELEMENT_BYTES * batch * ((double) m * k + (double) n * k + (double) m * n);
  }

  @Override
  public void warp(int cta, int warp, WarpCode code) {
    new Writer(cta, warp, code).write();
  }

  private final class Writer {
    private final WarpCode code;
    private final TileCopy copy;
    private final int product;
    private final int firstRow;
    private final int firstColumn;
    private final int warpRow;
    private final int warpColumn;

    /** Tiles of one column follow each other, so that they find B in L2. */
    private Writer(int cta, int warp, WarpCode code) {
      this.code = code;
      copy = new TileCopy(dialect, tile.threads(), warp, code);
      int rowTiles = GemmTile.tiles(m, tile.rows());
      int columnTiles = GemmTile.tiles(n, tile.columns());
      product = cta / (rowTiles * columnTiles);
      firstRow = cta % rowTiles * tile.rows();
      firstColumn = cta / rowTiles % columnTiles * tile.columns();
      int warpsAcross = tile.columns() / tile.warpColumns();
      warpRow = warp / warpsAcross * tile.warpRows();
      warpColumn = warp % warpsAcross * tile.warpColumns();
    }

    private void write() {
      dialect.prologue(code, ADDRESSES);
      for (int i = 0; i < tile.warpRows() * tile.warpColumns() / WarpCode.LANES; i += 2) {
        code.add("CS2R", SUMS + i);
      }
      if (dialect == Dialect.AMPERE) {
        pipelined();
      } else {
        inTurns();
      }
      results();
      code.add("EXIT", WarpCode.NONE);
    }

    private void pipelined() {
      int ahead = tile.stages() - 1;
      for (int turn = 0; turn < ahead; turn++) {
        fetch(turn);
      }
      for (int turn = 0; turn < iterations; turn++) {
        code.awaitCopies(ahead - 1);
        dialect.barrier(code);
        fetch(turn + ahead);
        multiply(turn);
        dialect.turn(code);
      }
    }

    /** After the last slice the groups are empty. */
    private void fetch(int turn) {
      if (turn < iterations) {
        copy.copy(left(turn), right(turn));
      } else {
        code.add("LDGDEPBAR", WarpCode.NONE);
      }
    }

    private void inTurns() {
      for (int turn = 0; turn < iterations; turn++) {
        copy.copy(left(turn), right(turn));
        dialect.barrier(code);
        multiply(turn);
        dialect.turn(code);
        dialect.barrier(code);
      }
    }

    private TileCopy.Tile left(int turn) {
      long base = Heap.buffer(0) + rowBytes() * ((long) product * m + firstRow);
      return slice(turn, base, tile.rows(), m - firstRow, shared(turn));
    }

    private TileCopy.Tile right(int turn) {
      long base = Heap.buffer(1) + rowBytes() * ((long) product * n + firstColumn);
      long shared = shared(turn) + (long) tile.rows() * tile.inner() * ELEMENT_BYTES;
      return slice(turn, base, tile.columns(), n - firstColumn, shared);
    }

    private TileCopy.Tile slice(int turn, long base, int rows, int validRows, long shared) {
      int chunks = tile.inner() * ELEMENT_BYTES / TileCopy.CHUNK_BYTES;
      long offset = (long) turn * tile.inner() * ELEMENT_BYTES;
      return new TileCopy.Tile(base + offset, rowBytes(), rows, validRows, chunks, shared);
    }

    /** Rows begin at multiples of 16 bytes. */
    private long rowBytes() {
      return (long) GemmTile.tiles(k, 8) * TileCopy.CHUNK_BYTES;
    }

    private long shared(int turn) {
      int stages = dialect == Dialect.AMPERE ? tile.stages() : 1;
      return (long) (turn % stages)
          * ((tile.rows() + tile.columns()) * tile.inner() * ELEMENT_BYTES);
    }

    private void multiply(int turn) {
      for (int inner = 0; inner < tile.inner(); inner += FRAGMENT) {
        int chunk = inner * ELEMENT_BYTES / TileCopy.CHUNK_BYTES;
        fragments(LEFT, left(turn), warpRow, tile.warpRows(), chunk);
        fragments(RIGHT, right(turn), warpColumn, tile.warpColumns(), chunk);
        int across = tile.warpColumns() / PRODUCT_COLUMNS;
        for (int row = 0; row < tile.warpRows() / FRAGMENT; row++) {
          for (int column = 0; column < across; column++) {
            int right = RIGHT + 4 * (column / 2) + 2 * (column % 2);
            dialect.multiply(code, LEFT + 4 * row, right, SUMS + 4 * (row * across + column));
          }
        }
      }
    }

    private void fragments(int register, TileCopy.Tile of, int first, int count, int chunk) {
      for (int at = 0; at < count; at += FRAGMENT) {
        Fragments.load(code, dialect, register + at / 4, of, first + at, chunk);
      }
    }

    private void results() {
      int across = tile.warpColumns() / PRODUCT_COLUMNS;
      long base = Heap.buffer(2) + (long) product * m * n * ELEMENT_BYTES;
      for (int row = 0; row < tile.warpRows(); row += PRODUCT_COLUMNS) {
        for (int column = 0; column < across; column++) {
          int sum = SUMS + 4 * (row / FRAGMENT * across + column);
          Fragments.store(
              code,
              dialect,
              sum + row % FRAGMENT / 4,
              new Fragments.Matrix(base, m, n),
              firstRow + warpRow + row,
              firstColumn + warpColumn + column * PRODUCT_COLUMNS);
        }
      }
    }
  }
}
