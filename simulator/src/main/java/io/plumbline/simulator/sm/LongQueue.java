package io.plumbline.simulator.sm;

/** First in, first out, of primitive numbers. */
final class LongQueue {
  private long[] values = new long[16];
  private int head;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  long peek() {
    return values[head];
  }

  void add(long value) {
    if (size == values.length) {
      long[] wider = new long[2 * size];
      for (int i = 0; i < size; i++) {
        wider[i] = values[head + i & size - 1];
      }
      values = wider;
      head = 0;
    }
    values[head + size++ & values.length - 1] = value;
  }

  long poll() {
    long first = values[head];
    head = head + 1 & values.length - 1;
    size--;
    return first;
  }
}
