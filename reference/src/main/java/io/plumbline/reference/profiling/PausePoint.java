package io.plumbline.reference.profiling;

import java.util.List;

/**
 * Forwards of one size in a loop and after pauses.
 *
 * @param tensorParallel degree of the shard that was measured
 * @param spentMs how long it took to measure
 * @param loopNanos one after the other
 * @param pausedNanos each the first after a pause of {@link PointSampler#PAUSE_MS}
 */
record PausePoint(
    int tensorParallel, int tokens, long spentMs, List<Long> loopNanos, List<Long> pausedNanos) {

  boolean isOf(int degree, int numTokens) {
    return tensorParallel == degree && tokens == numTokens;
  }
}
