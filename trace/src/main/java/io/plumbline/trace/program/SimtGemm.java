package io.plumbline.trace.program;

import io.plumbline.trace.kernel.KernelHeader;

/**
 * A product of 32-bit matrices without tensor cores: tiles of 64 x 64, 256 threads with 4 x 4
 * results each, slices of 8 through shared memory. Dimensions are rounded up to tiles.
 *
 * @param iterations turns of the loop over k
 */
public record SimtGemm(int m, int n, int k, Dialect dialect, int iterations)
    implements KernelProgram {
  private static final int TILE = 64;
  private static final int INNER = 8;
  private static final int THREADS = 256;
  private static final int OWN = 4;
  private static final int BYTES = 4;
  private static final int SUMS = 64;
  private static final int LEFT_COLUMN = TILE + OWN;
  private static final int RIGHT_BASE = INNER * LEFT_COLUMN * BYTES;

  public SimtGemm {
    if (m < 1 || n < 1 || k < 1 || iterations < 1) {
      throw new IllegalArgumentException(
          "m (%d), n (%d), k (%d) and iterations (%d) must be positive"
              .formatted(m, n, k, iterations));
    }
  }

  /** The whole product. */
  public SimtGemm(int m, int n, int k, Dialect dialect) {
    this(m, n, k, dialect, GemmTile.tiles(k, INNER));
  }

  @Override
  public KernelHeader header() {
    int ctas = Math.multiplyExact(GemmTile.tiles(m, TILE), GemmTile.tiles(n, TILE));
    int shared = RIGHT_BASE + INNER * TILE * BYTES;
    return new KernelHeader("gemm_ffma", ctas, THREADS, shared, 96, dialect.architecture());
  }

  @Override
  public SimtGemm withIterations(int turns) {
    return new SimtGemm(m, n, k, dialect, turns);
  }

  @Override
  public double flops() {
    return 2.0 * m * n * k;
  }

  @Override
  public double trafficBytes() {
    return (double) BYTES * ((double) m * k + (double) n * k + (double) m * n);
  }

  @Override
  public void warp(int cta, int warp, WarpCode code) {
    int rowTiles = GemmTile.tiles(m, TILE);
    long row = (long) (cta % rowTiles) * TILE;
    long column = (long) (cta / rowTiles) * TILE;
    dialect.prologue(code, 6);
    for (int i = 0; i < OWN * OWN; i++) {
      code.add("CS2R", SUMS + i);
    }
    for (int turn = 0; turn < iterations; turn++) {
      slices(code, warp, row, column, (long) turn * INNER);
      dialect.barrier(code);
      for (int inner = 0; inner < INNER; inner++) {
        outerProduct(code, warp, inner);
      }
      dialect.turn(code);
      dialect.barrier(code);
    }
    for (int i = 0; i < OWN; i++) {
      int own = i;
      code.store(
          dialect.globalStore(16),
          12,
          SUMS + OWN * i,
          WarpCode.ALL_LANES,
          lanes(warp, t -> at(2, row + t / 16 * OWN + own, column + t % 16 * OWN, paddedN())));
    }
    code.add("EXIT", WarpCode.NONE);
  }

  private void slices(WarpCode code, int warp, long row, long column, long inner) {
    for (int half = 0; half < 2; half++) {
      int h = half;
      long[] left = lanes(warp, t -> at(0, row + 32 * h + t / 8, inner + t % 8, paddedK()));
      long[] right = lanes(warp, t -> at(1, inner + 4 * h + t / 64, column + t % 64, paddedN()));
      code.load(dialect.globalLoad(BYTES), 24 + h, 4, WarpCode.ALL_LANES, left);
      code.load(dialect.globalLoad(BYTES), 26 + h, 6, WarpCode.ALL_LANES, right);
    }
    for (int half = 0; half < 2; half++) {
      int h = half;
      long[] left = lanes(warp, t -> BYTES * (t % 8 * LEFT_COLUMN + 32 * h + t / 8));
      long[] right = lanes(warp, t -> RIGHT_BASE + BYTES * ((4 * h + t / 64) * TILE + t % 64));
      code.store("STS", 8, 24 + h, WarpCode.ALL_LANES, left);
      code.store("STS", 10, 26 + h, WarpCode.ALL_LANES, right);
    }
  }

  private static void outerProduct(WarpCode code, int warp, int inner) {
    int left = inner % 2 == 0 ? 32 : 40;
    int right = left + OWN;
    long[] leftAt = lanes(warp, t -> BYTES * (inner * LEFT_COLUMN + t / 16 * OWN));
    long[] rightAt = lanes(warp, t -> RIGHT_BASE + BYTES * (inner * TILE + t % 16 * OWN));
    code.load("LDS.128", left, 8, WarpCode.ALL_LANES, leftAt);
    code.load("LDS.128", right, 10, WarpCode.ALL_LANES, rightAt);
    for (int i = 0; i < OWN; i++) {
      for (int j = 0; j < OWN; j++) {
        int sum = SUMS + OWN * i + j;
        code.add("FFMA", sum, left + i, right + j, sum);
      }
    }
  }

  private static long at(int operand, long row, long column, long columns) {
    return Heap.buffer(operand) + (row * columns + column) * BYTES;
  }

  private long paddedN() {
    return (long) GemmTile.tiles(n, TILE) * TILE;
  }

  private long paddedK() {
    return (long) GemmTile.tiles(k, INNER) * INNER;
  }

  private interface AddressOfThread {
    long of(int thread);
  }

  private static long[] lanes(int warp, AddressOfThread address) {
    long[] addresses = new long[WarpCode.LANES];
    for (int lane = 0; lane < WarpCode.LANES; lane++) {
      addresses[lane] = address.of(warp * WarpCode.LANES + lane);
    }
    return addresses;
  }
}
