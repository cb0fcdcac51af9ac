package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;

/**
 * Options of Orca's scheduler: whole prompts and decodes in one batch, room for the longest context
 * reserved for each request.
 *
 * @param maxBatchSize most requests in flight; Vidur's {@code batch_size_cap}
 */
public record OrcaSpec(int maxBatchSize) implements SchedulerSpec {
  public OrcaSpec {
    PagedScheduler.requirePositive("maxBatchSize", maxBatchSize);
  }

  /** Vidur's default: 128 requests. */
  public static OrcaSpec defaults() {
    return new OrcaSpec(128);
  }

  @Override
  public ReplicaScheduler create(
      KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    return new OrcaScheduler(this, cache, limits, compatibility);
  }

  @Override
  public int maxBatchTokens() {
    return ReservingScheduler.USUAL_BATCH_TOKENS;
  }

  @Override
  public boolean vidurTablesHoldWholeBatches() {
    return true;
  }
}
