package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;

/**
 * Options of FasterTransformer's static batching: a batch runs until its last request is done.
 *
 * @param maxBatchSize most requests in flight; Vidur's {@code batch_size_cap}
 */
public record FasterTransformerSpec(int maxBatchSize) implements SchedulerSpec {
  public FasterTransformerSpec {
    PagedScheduler.requirePositive("maxBatchSize", maxBatchSize);
  }

  /** Vidur's default: 128 requests. */
  public static FasterTransformerSpec defaults() {
    return new FasterTransformerSpec(128);
  }

  @Override
  public ReplicaScheduler create(
      KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    return new FasterTransformerScheduler(this, cache, limits, compatibility);
  }

  @Override
  public int maxBatchTokens() {
    return ReservingScheduler.USUAL_BATCH_TOKENS;
  }
}
