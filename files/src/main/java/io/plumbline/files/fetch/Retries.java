package io.plumbline.files.fetch;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Tries again what may work the next time, a few times and ever more slowly. */
final class Retries {
  static final int TRIES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** A server that asks for more is not waited for. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** How to wait; tests do not. */
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  /** What may fail. */
  interface Attempt<T> {
    T run() throws IOException;
  }

  private final Pause pause;
  private final PrintWriter notices;

  Retries(Pause pause, PrintWriter notices) {
    this.pause = pause;
    this.notices = notices;
  }

  /** Tries until it works. */
  <T> T call(String what, Attempt<T> attempt) {
    return call(what, attempt, () -> 0);
  }

  /**
   * The same for something that gets further with each try: the count begins anew after each try
   * that came further than all before.
   *
   * @param reached how far it is
   * @throws FetchException when it was tried often enough
   */
  <T> T call(String what, Attempt<T> attempt, LongSupplier reached) {
    long furthest = reached.getAsLong();
    int failures = 0;
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        long now = reached.getAsLong();
        failures = now > furthest ? 1 : failures + 1;
        furthest = Math.max(furthest, now);
        Duration wait = pauseAfter(failures, e);
        String problem = problem(e);
        if (failures == TRIES || wait.compareTo(LONGEST_PAUSE) > 0) {
          throw new FetchException(
              "%s: given up after %d tries: %s. What came is kept: run this again later to go on."
                  .formatted(what, failures, problem),
              e);
        }
        notices.printf("%s: %s. Again in %d s.%n", what, problem, wait.toSeconds());
        sleep(what, wait);
      }
    }
  }

  private static Duration pauseAfter(int failures, IOException e) {
    if (e instanceof TransientException t && t.retryAfter() != null) {
      return t.retryAfter();
    }
    return FIRST_PAUSE.multipliedBy(1L << (failures - 1));
  }

  private static String problem(IOException e) {
    // The JDK's own messages are often just a host name.
    return e instanceof TransientException
        ? e.getMessage()
        : "%s (%s)".formatted(e.getMessage(), e.getClass().getSimpleName());
  }

  private void sleep(String what, Duration wait) {
    try {
      pause.of(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException(what + ": interrupted", e);
    }
  }
}
