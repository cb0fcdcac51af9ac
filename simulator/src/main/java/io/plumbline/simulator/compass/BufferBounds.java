package io.plumbline.simulator.compass;

/**
 * Cycles that a tile of the global buffer takes at least, whatever the order of loops and however
 * batches fall: what there is to compute, spread over all cores, or to read, whichever is more, and
 * what there is to write.
 */
final class BufferBounds {
  /** What a core does in a cycle at most, over the peak of its arrays: the original's slip. */
  private static final double FASTEST = 0.98;

  /** Keeps bounds below what they bound where a sum of doubles would have been rounded up. */
  private static final double SAFETY = 1 - 1e-12;

  private final Accelerator device;
  private final int wordBytes;
  private final CoreTimes core;
  private final int splits;
  private final double peakPerCycle;

  private final long[] tile;
  private final double[] work;
  private final long[] most;
  private final long[] least;

  BufferBounds(Accelerator device, int wordBytes, CoreTimes core) {
    this.device = device;
    this.wordBytes = wordBytes;
    this.core = core;
    this.splits = core.splits().size();
    SystolicArray array = device.array();
    this.peakPerCycle =
        array.height()
            * array.width()
            * array.macPerCycle()
            * device.arraysPerCore()
            * device.cores()
            / FASTEST;
    this.tile = new long[splits];
    this.work = new double[splits];
    this.most = new long[splits];
    this.least = new long[splits];
  }

  /** A bound for all ways to cut a tile. */
  long ofAny(long m, long n, long k) {
    double computed = (double) (m * n * k) / peakPerCycle;
    double read = perBuffer((double) (m * k + n * k) * device.array().inputBytes());
    return (long) (Math.max(computed, read) * SAFETY) + written(m * n);
  }

  /** Bounds for one way to cut it, by split. */
  void of(BufferGrid grid, long[] bySplit) {
    for (int i = 0; i < splits; i++) {
      work[i] = 0;
      most[i] = 0;
      least[i] = Long.MAX_VALUE;
    }
    addAll(grid);
    long tiles = grid.tiles();
    double cores = device.cores();
    long batches = Check.ceilDiv(tiles, device.cores());
    double read = perBuffer((double) inputs(grid) * device.array().inputBytes());
    long written = written(grid.m * grid.n);
    for (int i = 0; i < splits; i++) {
      double spread = Math.max(work[i] / cores, (double) batches * least[i]);
      double computed = Math.max(spread, most[i]);
      bySplit[i] =
          (batches == 1
                  ? (long) Math.ceil(read) + most[i]
                  : (long) (Math.max(computed, read) * SAFETY))
              + written;
    }
  }

  /** Words that come in at least once. */
  private static long inputs(BufferGrid grid) {
    return grid.m * grid.k + grid.n * grid.k;
  }

  private long written(long words) {
    return (long) perBuffer((double) words * Math.min(device.array().outputBytes(), wordBytes));
  }

  private double perBuffer(double bytes) {
    return bytes / device.globalBufferBytesPerCycle();
  }

  /** Every kind of tile: inner or last in each dimension, in the first slice or a later one. */
  private void addAll(BufferGrid grid) {
    for (int n = 0; n < 2; n++) {
      for (int m = 0; m < 2; m++) {
        long count = (m == 0 ? grid.tilesM - 1 : 1) * (n == 0 ? grid.tilesN - 1 : 1);
        if (count > 0) {
          long rows = grid.rows(m == 0 ? 0 : grid.tilesM - 1);
          long columns = grid.columns(n == 0 ? 0 : grid.tilesN - 1);
          addSlices(grid, rows, columns, count);
        }
      }
    }
  }

  private void addSlices(BufferGrid grid, long rows, long columns, long count) {
    long reduction = core.reduction(rows, columns);
    if (grid.tilesK > 1) {
      add(rows, columns, grid.k1, 0, count);
      if (grid.tilesK > 2) {
        add(rows, columns, grid.k1, reduction, count * (grid.tilesK - 2));
      }
    }
    add(rows, columns, grid.depth(grid.tilesK - 1), grid.tilesK > 1 ? reduction : 0, count);
  }

  private void add(long rows, long columns, long depth, long reduction, long count) {
    core.cycles(rows, columns, depth, tile);
    for (int i = 0; i < splits; i++) {
      long cycles = tile[i] + reduction;
      work[i] += (double) count * cycles;
      most[i] = Math.max(most[i], cycles);
      least[i] = Math.min(least[i], cycles);
    }
  }
}
