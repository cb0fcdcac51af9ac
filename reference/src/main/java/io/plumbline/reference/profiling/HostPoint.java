package io.plumbline.reference.profiling;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the host did besides the model in iterations with so many decodes; one time per iteration.
 *
 * @param tensorParallel degree of the shard that was measured
 * @param spentMs how long it took to measure
 * @param scheduleNanos forming the batch
 * @param prepareNanos taking it to the device
 * @param forwardNanos the model
 * @param sampleNanos choosing the next tokens and reading them back
 * @param betweenNanos bookkeeping until the next iteration starts
 */
record HostPoint(
    int tensorParallel,
    int batchSize,
    long spentMs,
    List<Long> scheduleNanos,
    List<Long> prepareNanos,
    List<Long> forwardNanos,
    List<Long> sampleNanos,
    List<Long> betweenNanos) {

  boolean isOf(int degree, int requests) {
    return tensorParallel == degree && batchSize == requests;
  }

  /** The same with the times of another visit. */
  HostPoint with(HostPoint other) {
    return new HostPoint(
        tensorParallel,
        batchSize,
        spentMs + other.spentMs,
        joined(scheduleNanos, other.scheduleNanos),
        joined(prepareNanos, other.prepareNanos),
        joined(forwardNanos, other.forwardNanos),
        joined(sampleNanos, other.sampleNanos),
        joined(betweenNanos, other.betweenNanos));
  }

  static List<Long> joined(List<Long> first, List<Long> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
