package io.plumbline.simulator.compass;

import java.util.List;

/** Cycles that one core computes a tile of its local buffer, for every split over its arrays. */
final class CoreTimes {
  private static final int MOST_KEPT = 1 << 18;

  private final Accelerator device;
  private final List<ArraySplit> splits;
  private final CountedOrientations orientations;
  private LongsByKey kept;

  CoreTimes(Accelerator device, List<ArraySplit> splits) {
    this.device = device;
    this.splits = splits;
    this.kept = new LongsByKey(splits.size(), MOST_KEPT);
    this.orientations = device.array().isSquare() ? null : new CountedOrientations(device.array());
  }

  /** Whether times depend on what else a search tries, so that they end with it. */
  boolean dependsOnSearch() {
    return orientations != null;
  }

  /** Begins a search of which the times are to depend. */
  void forget() {
    kept = new LongsByKey(splits.size(), MOST_KEPT);
    orientations.forget();
  }

  /** Meets every kind of tile of a grid with one split, in the order of the original. */
  void meet(BufferGrid grid, int split) {
    for (int slice = 0; slice < Math.min(3, grid.tilesK); slice++) {
      long depth = grid.depth(slice == 2 ? grid.tilesK - 1 : slice);
      for (int rest = 0; rest < (grid.planeIsEven() ? 1 : 4); rest++) {
        computed(
            grid.rows((rest & 1) == 0 ? 0 : grid.tilesM - 1),
            grid.columns((rest & 2) == 0 ? 0 : grid.tilesN - 1),
            depth,
            splits.get(split));
      }
    }
  }

  List<ArraySplit> splits() {
    return splits;
  }

  /** Cycles of a tile by split. */
  void cycles(long m, long n, long k, long[] bySplit) {
    int row = row(m, n, k);
    for (int i = 0; i < splits.size(); i++) {
      bySplit[i] = kept.get(row + i);
    }
  }

  /** Cycles of a tile with one split. */
  long cycles(long m, long n, long k, int split) {
    return kept.get(row(m, n, k) + split);
  }

  private int row(long m, long n, long k) {
    int row = kept.row(m, n, k);
    if (kept.get(row) == LongsByKey.UNKNOWN) {
      for (int i = 0; i < splits.size(); i++) {
        kept.set(row + i, computed(m, n, k, splits.get(i)));
      }
    }
    return row;
  }

  private long computed(long m, long n, long k, ArraySplit split) {
    long rows = Check.ceilDiv(m, split.m());
    long columns = Check.ceilDiv(n, split.n());
    long depth = Check.ceilDiv(k, split.k());
    long array =
        orientations == null
            ? device.array().cycles(rows, columns, depth)
            : orientations.cycles(rows, columns, depth);
    double sums = (double) ((split.k() - 1) * m * n) / device.vector().flopsPerCycle();
    return (long) Math.ceil(array + sums);
  }

  /** Cycles that a core adds a tile to the partial sum before it. */
  long reduction(long m, long n) {
    return Check.cycles(m * n, device.vector().flopsPerCycle());
  }
}
