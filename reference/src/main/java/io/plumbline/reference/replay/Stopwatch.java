package io.plumbline.reference.replay;

/** Time since the start of a run, in ns; never runs backwards. */
public interface Stopwatch {

  /** Nanoseconds since the start. */
  long nanos();

  /** Returns at the given time or later, at once if it has passed. */
  void waitUntil(long nanos);

  /** A stopwatch that runs from now on, by the monotonic clock of this JVM. */
  static Stopwatch start() {
    return new MonotonicStopwatch(System.nanoTime());
  }
}
