package io.plumbline.simulator.capacity;

import io.plumbline.simulator.batching.RequestProgress;

/**
 * Watches one condition during a run. It is lost when no end of the run could meet it any more; a
 * watch that is never lost decides at the end.
 */
interface ConditionWatch {
  /** Time has come so far; of what lies before nothing will change. */
  default void advance(double nowSeconds) {}

  /** A request got its last token. */
  default void completed(RequestProgress request) {}

  /** A gap between two output tokens. */
  default void gap(double seconds) {}

  /** Whether it wants to be told of requests that complete. */
  default boolean wantsCompletions() {
    return false;
  }

  boolean isLost();

  /** The verdict of a run that came to its end. */
  boolean isMet();
}
