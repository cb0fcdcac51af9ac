package io.plumbline.simulator.capacity;

import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.trace.workload.Workload;

/** A percentile over requests. */
final class RequestLimitWatch implements ConditionWatch {
  private final LatencyMetric metric;
  private final double percentile;
  private final double limit;
  private final Workload workload;
  private final Arrived arrived;
  private final long lostFrom;
  private long late;

  /** The first request whose time may still be within the limit. */
  private int next;

  RequestLimitWatch(Slo.LatencyLimit condition, Workload workload, Arrived arrived) {
    this.metric = condition.metric();
    this.percentile = condition.percentile();
    this.limit = condition.seconds();
    this.workload = workload;
    this.arrived = arrived;
    long values = 0;
    for (int r = 0; r < workload.size(); r++) {
      values += hasValue(r) ? 1 : 0;
    }
    this.lostFrom = LimitCount.lostFrom(values, percentile);
  }

  private boolean hasValue(int request) {
    return metric != LatencyMetric.TPOT || workload.request(request).outputTokens() > 1;
  }

  @Override
  public void advance(double nowSeconds) {
    if (!metric.runsFromArrival()) {
      return;
    }
    // What has not happened by now will give a difference at least as large as that of now.
    while (next < arrived.count() && nowSeconds - arrived.arrivalSeconds(next) > limit) {
      late += metric.seconds(arrived.progress(next)) > limit ? 1 : 0;
      next++;
    }
  }

  @Override
  public boolean wantsCompletions() {
    return metric == LatencyMetric.TPOT;
  }

  @Override
  public void completed(RequestProgress request) {
    if (wantsCompletions() && hasValue(request.id()) && metric.seconds(request) > limit) {
      late++;
    }
  }

  @Override
  public boolean isLost() {
    return late >= lostFrom;
  }

  @Override
  public boolean isMet() {
    LimitCount count = new LimitCount(percentile, limit);
    for (int r = 0; r < arrived.requests(); r++) {
      if (hasValue(r)) {
        count.add(metric.seconds(arrived.progress(r)));
      }
    }
    return count.isMet();
  }
}
