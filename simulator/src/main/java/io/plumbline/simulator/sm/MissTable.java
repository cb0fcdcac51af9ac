package io.plumbline.simulator.sm;

import java.util.Arrays;

/**
 * Miss status holding registers: the sectors that are on their way, and who waits for each. A hash
 * table with open addresses; entries are apart from it and those that were free last are used
 * first, so that a table that is nearly empty touches little memory.
 */
final class MissTable {
  /** Answer of {@link #find} if a sector isn't on its way. */
  static final int ABSENT = -1;

  private static final long EMPTY = -1;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final int mostEntries;
  private final int mostMerges;
  private final int shift;
  private final long[] sectors;
  private final int[] entryOf;
  private final RequestQueue[] waiting;
  private final int[] free;
  private int entries;
  private boolean lastWaited;

  MissTable(int mostEntries, int mostMerges) {
    this.mostEntries = mostEntries;
    this.mostMerges = mostMerges;
    int slots = Integer.highestOneBit(mostEntries) * 4;
    shift = Long.SIZE - Integer.numberOfTrailingZeros(slots);
    sectors = new long[slots];
    Arrays.fill(sectors, EMPTY);
    entryOf = new int[slots];
    waiting = new RequestQueue[mostEntries];
    free = new int[mostEntries];
    Arrays.setAll(free, entry -> entry);
  }

  int find(long sector) {
    for (int slot = home(sector); sectors[slot] != EMPTY; slot = slot + 1 & sectors.length - 1) {
      if (sectors[slot] == sector) {
        return slot;
      }
    }
    return ABSENT;
  }

  boolean canMerge(int slot) {
    return waiting[entryOf[slot]].size() < mostMerges;
  }

  boolean isFull() {
    return entries >= mostEntries;
  }

  void merge(int slot, MemoryRequest request) {
    waiting[entryOf[slot]].add(request);
  }

  /** Makes an entry and says where it is until the next one goes. */
  int add(long sector) {
    int slot = home(sector);
    while (sectors[slot] != EMPTY) {
      slot = slot + 1 & sectors.length - 1;
    }
    sectors[slot] = sector;
    int entry = free[entries++];
    entryOf[slot] = entry;
    if (waiting[entry] == null) {
      waiting[entry] = new RequestQueue();
    }
    return slot;
  }

  /** Takes the next of those that wait for a sector; the last one frees the entry. */
  MemoryRequest pollWaiting(long sector) {
    int slot = find(sector);
    RequestQueue queue = waiting[entryOf[slot]];
    MemoryRequest request = queue.poll();
    lastWaited = queue.isEmpty();
    if (lastWaited) {
      free[--entries] = entryOf[slot];
      remove(slot);
    }
    return request;
  }

  /** Whether the last that was taken was the last that waited for its sector. */
  boolean wasLast() {
    return lastWaited;
  }

  private void remove(int removed) {
    int hole = removed;
    sectors[hole] = EMPTY;
    int mask = sectors.length - 1;
    for (int slot = hole + 1 & mask; sectors[slot] != EMPTY; slot = slot + 1 & mask) {
      int distanceFromHome = slot - home(sectors[slot]) & mask;
      if (distanceFromHome >= (slot - hole & mask)) {
        sectors[hole] = sectors[slot];
        entryOf[hole] = entryOf[slot];
        sectors[slot] = EMPTY;
        hole = slot;
      }
    }
  }

  private int home(long sector) {
    return (int) ((sector * MIX) >>> shift);
  }
}
