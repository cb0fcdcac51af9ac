package io.plumbline.simulator.sm;

/**
 * Fetches and decodes, two instructions for a warp that has none, some warps a cycle in turn. What
 * is fetched is decoded in the next turn, the last of a cycle in the next cycle. Instructions are
 * always in the cache. Warps that are through leave their slots when it is their turn.
 */
final class FetchUnit {
  private static final int DECODED_AT_ONCE = 2;
  private static final int NOTHING = -1;

  private final WarpTable warps;
  private final int turns;
  private int last;
  private int fetched = NOTHING;

  FetchUnit(WarpTable warps, int turns) {
    this.warps = warps;
    this.turns = turns;
  }

  /** One cycle; whether anything changed. */
  boolean cycle() {
    boolean any = false;
    for (int turn = 0; turn < turns; turn++) {
      if (fetched != NOTHING) {
        warps.decode(warps.warp(fetched), DECODED_AT_ONCE);
        fetched = NOTHING;
        any = true;
      }
      if ((warps.fetchable() | warps.retirable()) == 0) {
        return any;
      }
      fetch();
      any = true;
    }
    return any;
  }

  private void fetch() {
    int slots = warps.slots();
    int next = nextFrom(warps.fetchable(), last + 1);
    int distance = next == NOTHING ? slots : Math.floorMod(next - last - 1, slots);
    for (long done = warps.retirable(); done != 0; done &= done - 1) {
      int slot = Long.numberOfTrailingZeros(done);
      if (Math.floorMod(slot - last - 1, slots) < distance) {
        warps.retire(warps.warp(slot));
      }
    }
    if (next != NOTHING) {
      last = next;
      fetched = next;
    }
  }

  /** The first bit of a set from a position on, in a circle. */
  private static int nextFrom(long bits, int from) {
    if (bits == 0) {
      return NOTHING;
    }
    long after = from >= Long.SIZE ? 0 : bits & -1L << from;
    return Long.numberOfTrailingZeros(after != 0 ? after : bits);
  }
}
