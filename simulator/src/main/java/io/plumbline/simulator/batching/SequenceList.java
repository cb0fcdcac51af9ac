package io.plumbline.simulator.batching;

import java.util.Arrays;

/** Sequences in an order, in an array that grows. */
final class SequenceList {
  private Sequence[] sequences = new Sequence[16];
  private int count;

  int size() {
    return count;
  }

  Sequence get(int index) {
    return sequences[index];
  }

  void add(Sequence sequence) {
    if (count == sequences.length) {
      sequences = Arrays.copyOf(sequences, count * 2);
    }
    sequences[count++] = sequence;
  }

  /** Takes one out that is in it. */
  void remove(Sequence removed) {
    int at = 0;
    while (sequences[at] != removed) {
      at++;
    }
    System.arraycopy(sequences, at + 1, sequences, at, count - at - 1);
    sequences[--count] = null;
  }

  /** Keeps those that run. */
  void keepRunning() {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (sequences[i].running) {
        sequences[kept++] = sequences[i];
      }
    }
    Arrays.fill(sequences, kept, count, null);
    count = kept;
  }

  void clear() {
    Arrays.fill(sequences, 0, count, null);
    count = 0;
  }
}
