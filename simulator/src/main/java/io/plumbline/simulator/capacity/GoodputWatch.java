package io.plumbline.simulator.capacity;

import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.trace.workload.Workload;

/** The share of requests that stay within limits of their own. */
final class GoodputWatch implements ConditionWatch {
  private final Slo.Goodput condition;
  private final Workload workload;
  private final Arrived arrived;
  private final boolean[] bad;
  private final int[] next = new int[LatencyMetric.values().length];
  private long badRequests;

  GoodputWatch(Slo.Goodput condition, Workload workload, Arrived arrived) {
    this.condition = condition;
    this.workload = workload;
    this.arrived = arrived;
    this.bad = new boolean[workload.size()];
  }

  @Override
  public void advance(double nowSeconds) {
    for (LatencyMetric metric : LatencyMetric.values()) {
      Double limit = condition.limit(metric);
      if (limit == null || !metric.runsFromArrival()) {
        continue;
      }
      int request = next[metric.ordinal()];
      while (request < arrived.count() && nowSeconds - arrived.arrivalSeconds(request) > limit) {
        if (metric.seconds(arrived.progress(request)) > limit) {
          isBad(request);
        }
        request++;
      }
      next[metric.ordinal()] = request;
    }
  }

  private void isBad(int request) {
    if (!bad[request]) {
      bad[request] = true;
      badRequests++;
    }
  }

  @Override
  public boolean wantsCompletions() {
    return condition.tpotSeconds() != null;
  }

  @Override
  public void completed(RequestProgress request) {
    if (condition.tpotSeconds() != null
        && request.request().outputTokens() > 1
        && LatencyMetric.TPOT.seconds(request) > condition.tpotSeconds()) {
      isBad(request.id());
    }
  }

  @Override
  public boolean isLost() {
    return !isEnough(arrived.requests() - badRequests);
  }

  @Override
  public boolean isMet() {
    for (int r = 0; r < arrived.requests(); r++) {
      for (LatencyMetric metric : LatencyMetric.values()) {
        Double limit = condition.limit(metric);
        boolean hasValue = metric != LatencyMetric.TPOT || workload.request(r).outputTokens() > 1;
        if (limit != null && hasValue && metric.seconds(arrived.progress(r)) > limit) {
          isBad(r);
        }
      }
    }
    return isEnough(arrived.requests() - badRequests);
  }

  private boolean isEnough(long good) {
    return 100.0 * good >= condition.percent() * arrived.requests();
  }
}
