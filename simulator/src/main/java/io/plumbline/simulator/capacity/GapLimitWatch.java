package io.plumbline.simulator.capacity;

/** A percentile over all gaps between output tokens. */
final class GapLimitWatch implements ConditionWatch {
  private final LimitCount count;
  private final long planned;
  private final long lostFrom;

  /**
   * @param planned gaps of a run in which every request gets all its tokens
   * @param mayGrow whether a run may have more of them, so that it cannot be lost before its end
   */
  GapLimitWatch(Slo.LatencyLimit condition, long planned, boolean mayGrow) {
    this.count = new LimitCount(condition.percentile(), condition.seconds());
    this.planned = planned;
    this.lostFrom =
        mayGrow || planned == 0
            ? Long.MAX_VALUE
            : LimitCount.lostFrom(planned, condition.percentile());
  }

  @Override
  public void gap(double seconds) {
    count.add(seconds);
  }

  @Override
  public boolean isLost() {
    return count.above() >= lostFrom;
  }

  @Override
  public boolean isMet() {
    count.addMissing(Math.max(0, planned - count.values()));
    return count.isMet();
  }
}
