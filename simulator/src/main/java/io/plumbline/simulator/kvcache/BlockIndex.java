package io.plumbline.simulator.kvcache;

/**
 * Finds the blocks of a hash: open addressing with linear probing over flat arrays, nothing boxed.
 * Several blocks may have one hash; they are chained in the order in which they were added, and the
 * first of them is found, as in vLLM.
 */
final class BlockIndex {
  private static final int NONE = 0;

  private final long[] hashOfSlot;

  /** First block of the slot's hash; {@link #NONE} where the slot is empty. */
  private final int[] firstOfSlot;

  /** The next block with the same hash, by block. */
  private final int[] next;

  private final int mask;

  /**
   * @param blocks numbers of blocks are below this, and 0 is none
   */
  BlockIndex(int blocks) {
    int slots = Integer.highestOneBit(Math.max(2, blocks)) * 4;
    this.hashOfSlot = new long[slots];
    this.firstOfSlot = new int[slots];
    this.next = new int[blocks];
    this.mask = slots - 1;
  }

  /** The first block with a hash; 0 if there is none. */
  int find(long hash) {
    return firstOfSlot[slotOf(hash)];
  }

  void add(long hash, int block) {
    int slot = slotOf(hash);
    next[block] = NONE;
    if (firstOfSlot[slot] == NONE) {
      hashOfSlot[slot] = hash;
      firstOfSlot[slot] = block;
      return;
    }
    int last = firstOfSlot[slot];
    while (next[last] != NONE) {
      last = next[last];
    }
    next[last] = block;
  }

  void remove(long hash, int block) {
    int slot = slotOf(hash);
    int first = firstOfSlot[slot];
    if (first != block) {
      int before = first;
      while (next[before] != block) {
        before = next[before];
      }
      next[before] = next[block];
    } else if (next[block] != NONE) {
      firstOfSlot[slot] = next[block];
    } else {
      close(slot);
    }
  }

  /** The slot of a hash, or the empty one where it would stand. */
  private int slotOf(long hash) {
    int slot = home(hash);
    while (firstOfSlot[slot] != NONE && hashOfSlot[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int home(long hash) {
    return (int) (BlockHashes.mix(hash) >>> 32) & mask;
  }

  /** Empties a slot and moves up what was pushed past it, so that no search ends too early. */
  private void close(int emptied) {
    int hole = emptied;
    int slot = (hole + 1) & mask;
    while (firstOfSlot[slot] != NONE) {
      int distance = (slot - home(hashOfSlot[slot])) & mask;
      if (distance >= ((slot - hole) & mask)) {
        hashOfSlot[hole] = hashOfSlot[slot];
        firstOfSlot[hole] = firstOfSlot[slot];
        hole = slot;
      }
      slot = (slot + 1) & mask;
    }
    firstOfSlot[hole] = NONE;
  }
}
