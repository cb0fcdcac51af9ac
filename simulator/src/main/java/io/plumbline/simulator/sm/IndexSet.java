package io.plumbline.simulator.sm;

/** A set of small indices as bits, without checks. */
final class IndexSet {
  private static final int WORD_BITS = 6;

  private final long[] words;

  /**
   * An empty set.
   *
   * @param size indices that it can have, from 0
   */
  IndexSet(int size) {
    words = new long[(size + Long.SIZE - 1) >> WORD_BITS];
  }

  void add(int index) {
    words[index >> WORD_BITS] |= 1L << index;
  }

  void remove(int index) {
    words[index >> WORD_BITS] &= ~(1L << index);
  }

  boolean contains(int index) {
    return (words[index >> WORD_BITS] >>> index & 1) != 0;
  }

  boolean isEmpty() {
    long any = 0;
    for (long word : words) {
      any |= word;
    }
    return any == 0;
  }

  /** The least index from another one on, or -1. */
  int next(int from) {
    int at = from >> WORD_BITS;
    if (at >= words.length) {
      return -1;
    }
    long word = words[at] & -1L << from;
    while (word == 0) {
      if (++at == words.length) {
        return -1;
      }
      word = words[at];
    }
    return (at << WORD_BITS) + Long.numberOfTrailingZeros(word);
  }
}
