package io.plumbline.simulator.sm;

import java.util.Arrays;

/**
 * Miss status holding registers: the sectors that are on their way, and who waits for each. A hash
 * table with open addresses.
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
  private final RequestQueue[] waiting;
  private int entries;

  MissTable(int mostEntries, int mostMerges) {
    this.mostEntries = mostEntries;
    this.mostMerges = mostMerges;
    int slots = Integer.highestOneBit(mostEntries) * 4;
    shift = Long.SIZE - Integer.numberOfTrailingZeros(slots);
    sectors = new long[slots];
    Arrays.fill(sectors, EMPTY);
    waiting = new RequestQueue[slots];
    Arrays.setAll(waiting, slot -> new RequestQueue());
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
    return waiting[slot].size() < mostMerges;
  }

  boolean isFull() {
    return entries >= mostEntries;
  }

  void merge(int slot, MemoryRequest request) {
    waiting[slot].add(request);
  }

  /** Makes an entry and says where it is until the next one goes. */
  int add(long sector) {
    int slot = home(sector);
    while (sectors[slot] != EMPTY) {
      slot = slot + 1 & sectors.length - 1;
    }
    sectors[slot] = sector;
    entries++;
    return slot;
  }

  /** Takes the next of those that wait for a sector; the last one frees the entry. */
  MemoryRequest pollWaiting(long sector) {
    int slot = find(sector);
    MemoryRequest request = waiting[slot].poll();
    if (waiting[slot].isEmpty()) {
      remove(slot);
    }
    return request;
  }

  boolean isWaitedFor(long sector) {
    return find(sector) != ABSENT;
  }

  private void remove(int removed) {
    entries--;
    int hole = removed;
    sectors[hole] = EMPTY;
    int mask = sectors.length - 1;
    for (int slot = hole + 1 & mask; sectors[slot] != EMPTY; slot = slot + 1 & mask) {
      int distanceFromHome = slot - home(sectors[slot]) & mask;
      if (distanceFromHome >= (slot - hole & mask)) {
        sectors[hole] = sectors[slot];
        sectors[slot] = EMPTY;
        RequestQueue moved = waiting[slot];
        waiting[slot] = waiting[hole];
        waiting[hole] = moved;
        hole = slot;
      }
    }
  }

  private int home(long sector) {
    return (int) ((sector * MIX) >>> shift);
  }
}
