package io.plumbline.simulator.compass;

import java.util.Arrays;

/**
 * Rows of numbers by three longs, in open addressing; -1 stands for a number that is not known. It
 * forgets everything when it is full, so it is for what can be computed again.
 */
final class LongsByKey {
  static final long UNKNOWN = -1;

  private static final int SMALLEST = 1 << 10;
  private static final int KEY = 3;

  private final int columns;
  private final int largest;
  private long[] keys;
  private boolean[] taken;
  private long[] values;
  private int size;

  /**
   * @param columns numbers of a row
   * @param largest places at most, half of which are filled; a power of two
   */
  LongsByKey(int columns, int largest) {
    this.columns = columns;
    this.largest = largest;
    allocate(SMALLEST);
  }

  private void allocate(int capacity) {
    keys = new long[KEY * capacity];
    taken = new boolean[capacity];
    values = new long[capacity * columns];
    Arrays.fill(values, UNKNOWN);
    size = 0;
  }

  /** The place of a row's first number, valid until the next call. */
  int row(long first, long second, long third) {
    int slot = slot(first, second, third);
    if (!taken[slot]) {
      if (2 * (size + 1) > taken.length) {
        grow();
        slot = slot(first, second, third);
      }
      put(slot, first, second, third);
    }
    return slot * columns;
  }

  long get(int place) {
    return values[place];
  }

  void set(int place, long value) {
    values[place] = value;
  }

  private void put(int slot, long first, long second, long third) {
    taken[slot] = true;
    keys[KEY * slot] = first;
    keys[KEY * slot + 1] = second;
    keys[KEY * slot + 2] = third;
    size++;
  }

  private int slot(long first, long second, long third) {
    long hash = (first * 0x9E3779B97F4A7C15L ^ second) * 0xD6E8FEB86659FD93L;
    hash = (hash ^ hash >>> 32 ^ third) * 0xD6E8FEB86659FD93L;
    int mask = taken.length - 1;
    int slot = (int) (hash ^ hash >>> 32) & mask;
    while (taken[slot]
        && (keys[KEY * slot] != first
            || keys[KEY * slot + 1] != second
            || keys[KEY * slot + 2] != third)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    if (taken.length >= largest) {
      allocate(SMALLEST);
      return;
    }
    long[] oldKeys = keys;
    boolean[] oldTaken = taken;
    long[] oldValues = values;
    allocate(2 * oldTaken.length);
    for (int i = 0; i < oldTaken.length; i++) {
      if (oldTaken[i]) {
        int slot = slot(oldKeys[KEY * i], oldKeys[KEY * i + 1], oldKeys[KEY * i + 2]);
        put(slot, oldKeys[KEY * i], oldKeys[KEY * i + 1], oldKeys[KEY * i + 2]);
        System.arraycopy(oldValues, i * columns, values, slot * columns, columns);
      }
    }
  }
}
