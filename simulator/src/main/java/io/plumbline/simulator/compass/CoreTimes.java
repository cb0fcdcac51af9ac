package io.plumbline.simulator.compass;

import java.util.List;

/** Cycles that one core computes a tile of its local buffer, for every split over its arrays. */
final class CoreTimes {
  private static final int MOST_KEPT = 1 << 18;

  private final Accelerator device;
  private final List<ArraySplit> splits;
  private final LongsByKey kept;

  CoreTimes(Accelerator device, List<ArraySplit> splits) {
    this.device = device;
    this.splits = splits;
    this.kept = new LongsByKey(splits.size(), MOST_KEPT);
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
    long array =
        device
            .array()
            .cycles(
                Check.ceilDiv(m, split.m()),
                Check.ceilDiv(n, split.n()),
                Check.ceilDiv(k, split.k()));
    double sums = (double) ((split.k() - 1) * m * n) / device.vector().flopsPerCycle();
    return (long) Math.ceil(array + sums);
  }

  /** Cycles that a core adds a tile to the partial sum before it. */
  long reduction(long m, long n) {
    return Check.cycles(m * n, device.vector().flopsPerCycle());
  }
}
