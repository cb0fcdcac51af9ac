package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.WarpOrder;

/** Chooses which warp of one scheduler issues, at most one a cycle. */
final class WarpScheduler {
  private static final int NONE = -1;

  private final int index;
  private final int schedulers;
  private final WarpOrder order;
  private final WarpTable warps;
  private int last = NONE;

  WarpScheduler(int index, int schedulers, WarpOrder order, WarpTable warps) {
    this.index = index;
    this.schedulers = schedulers;
    this.order = order;
    this.warps = warps;
  }

  /**
   * The warp that issues, or null.
   *
   * @param freeUnits units, one bit each, that can take an instruction of this scheduler
   */
  Warp choose(int freeUnits) {
    long candidates = 0;
    for (int units = warps.readyUnits(index) & freeUnits; units != 0; units &= units - 1) {
      candidates |= warps.ready(index, Integer.numberOfTrailingZeros(units));
    }
    if (candidates == 0) {
      return null;
    }
    last = order == WarpOrder.LOOSE_ROUND_ROBIN ? afterLast(candidates) : oldest(candidates);
    return at(last);
  }

  private int afterLast(long candidates) {
    long after = last == Long.SIZE - 1 ? 0 : candidates & -1L << (last + 1);
    return Long.numberOfTrailingZeros(after != 0 ? after : candidates);
  }

  private int oldest(long candidates) {
    if (last != NONE && (candidates >>> last & 1) != 0) {
      return last;
    }
    int oldest = -1;
    for (long left = candidates; left != 0; left &= left - 1) {
      int position = Long.numberOfTrailingZeros(left);
      if (oldest < 0 || at(position).age < at(oldest).age) {
        oldest = position;
      }
    }
    return oldest;
  }

  private Warp at(int position) {
    return warps.warp(position * schedulers + index);
  }
}
