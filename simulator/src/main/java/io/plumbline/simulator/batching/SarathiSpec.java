package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;

/**
 * Options of the Sarathi scheduler (chunked prefill).
 *
 * @param tokenBudget most tokens per iteration; Vidur's {@code chunk_size}
 * @param maxBatchSize most requests in flight; Vidur's {@code batch_size_cap}
 */
public record SarathiSpec(int tokenBudget, int maxBatchSize) implements SchedulerSpec {
  public SarathiSpec {
    PagedScheduler.requirePositive("tokenBudget", tokenBudget);
    PagedScheduler.requirePositive("maxBatchSize", maxBatchSize);
  }

  /** Vidur's defaults: 512 tokens, 128 requests. */
  public static SarathiSpec defaults() {
    return new SarathiSpec(512, 128);
  }

  @Override
  public ReplicaScheduler create(
      KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    return new SarathiScheduler(this, cache, limits, compatibility);
  }

  @Override
  public int maxBatchTokens() {
    // Decodes are not limited by the budget.
    return tokenBudget + maxBatchSize;
  }
}
