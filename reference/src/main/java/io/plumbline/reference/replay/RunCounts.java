package io.plumbline.reference.replay;

import java.util.concurrent.atomic.AtomicInteger;

/** How many requests of a run have started and ended; any thread may tell and ask. */
public final class RunCounts {
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  /** One more request was sent or taken up. */
  public void start() {
    started.incrementAndGet();
  }

  /** One more request ended, whatever became of it. */
  public void end() {
    done.incrementAndGet();
  }

  /** Requests that ended. */
  public int done() {
    return done.get();
  }

  /** Requests that started and did not end yet. */
  public int inFlight() {
    return Math.max(0, started.get() - done.get());
  }
}
