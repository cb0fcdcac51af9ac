package io.plumbline.simulator.engine;

import java.util.Arrays;

/**
 * The event kernel: a binary heap ordered by (time, sequence), so that events at the same time run
 * in the order in which they were scheduled. Time is in seconds as a double (docs/decisions/0002).
 *
 * <p>The heap is three parallel arrays instead of a PriorityQueue: no node objects, no comparator
 * calls and no boxing of the key.
 *
 * @param <E> type of the events
 */
public final class EventQueue<E> {
  private double[] timeSeconds = new double[64];
  private long[] sequence = new long[64];
  private Object[] event = new Object[64];
  private int size;
  private long nextSequence;
  private double nowSeconds;

  /** Time of the event polled last; 0 before the first. */
  public double nowSeconds() {
    return nowSeconds;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Time of the next event; infinite if there is none. */
  public double nextSeconds() {
    return size == 0 ? Double.POSITIVE_INFINITY : timeSeconds[0];
  }

  /**
   * Moves the clock, for something that happens without having been an event here.
   *
   * @throws IllegalArgumentException if the time is in the past or not a number
   */
  public void advanceTo(double atSeconds) {
    if (!(atSeconds >= nowSeconds)) {
      throw new IllegalArgumentException(
          "%s s is before now, %s s".formatted(atSeconds, nowSeconds));
    }
    nowSeconds = atSeconds;
  }

  /**
   * Adds an event.
   *
   * @throws IllegalArgumentException if the time is in the past or not a number
   */
  public void schedule(double atSeconds, E newEvent) {
    if (!(atSeconds >= nowSeconds)) {
      throw new IllegalArgumentException(
          "event at %s s is before now, %s s: %s".formatted(atSeconds, nowSeconds, newEvent));
    }
    if (size == event.length) {
      grow();
    }
    long newSequence = nextSequence++;
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) >>> 1;
      // A new event has the highest sequence, so it only rises past strictly later ones.
      if (timeSeconds[parent] <= atSeconds) {
        break;
      }
      move(parent, hole);
      hole = parent;
    }
    put(hole, atSeconds, newSequence, newEvent);
  }

  /** Removes and returns the next event and moves the clock to its time. */
  public E poll() {
    if (size == 0) {
      throw new IllegalStateException("no event is left");
    }
    @SuppressWarnings("unchecked")
    E first = (E) event[0];
    nowSeconds = timeSeconds[0];
    size--;
    double lastTime = timeSeconds[size];
    long lastSequence = sequence[size];
    Object last = event[size];
    event[size] = null;
    if (size > 0) {
      sink(lastTime, lastSequence, last);
    }
    return first;
  }

  private void sink(double time, long order, Object moved) {
    int hole = 0;
    int half = size >>> 1;
    while (hole < half) {
      int child = 2 * hole + 1;
      int right = child + 1;
      if (right < size && before(right, child)) {
        child = right;
      }
      if (time < timeSeconds[child] || (time == timeSeconds[child] && order < sequence[child])) {
        break;
      }
      move(child, hole);
      hole = child;
    }
    put(hole, time, order, moved);
  }

  private boolean before(int a, int b) {
    return timeSeconds[a] < timeSeconds[b]
        || (timeSeconds[a] == timeSeconds[b] && sequence[a] < sequence[b]);
  }

  private void move(int from, int to) {
    timeSeconds[to] = timeSeconds[from];
    sequence[to] = sequence[from];
    event[to] = event[from];
  }

  private void put(int at, double time, long order, Object what) {
    timeSeconds[at] = time;
    sequence[at] = order;
    event[at] = what;
  }

  private void grow() {
    int capacity = size * 2;
    timeSeconds = Arrays.copyOf(timeSeconds, capacity);
    sequence = Arrays.copyOf(sequence, capacity);
    event = Arrays.copyOf(event, capacity);
  }
}
