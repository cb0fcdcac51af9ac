package io.plumbline.reference.profiling;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All timings of one size of batch.
 *
 * @param tensorParallel degree of the shard that was measured
 * @param spentMs how long it took to measure
 * @param nanos by {@link ProfiledOperator#profileName}, one time per forward
 */
record MeasuredPoint(
    int tensorParallel, BatchShape shape, long spentMs, Map<String, List<Long>> nanos) {

  boolean isOf(int degree, BatchShape size) {
    return tensorParallel == degree && shape.equals(size);
  }

  /** The same with the timings of another visit. */
  MeasuredPoint with(MeasuredPoint other) {
    Map<String, List<Long>> joined = new LinkedHashMap<>();
    nanos.forEach(
        (operator, times) ->
            joined.put(operator, HostPoint.joined(times, other.nanos.get(operator))));
    return new MeasuredPoint(tensorParallel, shape, spentMs + other.spentMs, joined);
  }

  Collection<Long> of(ProfiledOperator operator) {
    return nanos.get(operator.profileName());
  }

  /** Median time of a forward with so many layers. */
  double forwardNanos(int layers) {
    double sum = 0;
    for (ProfiledOperator operator : ProfiledOperator.values()) {
      double[] times = of(operator).stream().mapToDouble(Long::doubleValue).toArray();
      sum += TimeStats.median(times) * (operator.inEveryLayer() ? layers : 1);
    }
    return sum;
  }
}
