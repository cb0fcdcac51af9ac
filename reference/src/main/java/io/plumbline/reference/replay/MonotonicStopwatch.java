package io.plumbline.reference.replay;

import java.util.concurrent.locks.LockSupport;

/**
 * The real one.
 *
 * @param startNanoTime {@link System#nanoTime()} at the start
 */
record MonotonicStopwatch(long startNanoTime) implements Stopwatch {
  // A parked thread wakes late by the kernel's timer slack, so the last stretch is spun.
  private static final long SPIN_NANOS = 200_000;

  @Override
  public long nanos() {
    return System.nanoTime() - startNanoTime;
  }

  @Override
  public void waitUntil(long nanos) {
    long left = nanos - nanos();
    while (left > 0) {
      if (left > SPIN_NANOS) {
        LockSupport.parkNanos(left - SPIN_NANOS);
      } else {
        Thread.onSpinWait();
      }
      left = nanos - nanos();
    }
  }
}
