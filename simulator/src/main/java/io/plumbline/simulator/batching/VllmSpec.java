package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;

/**
 * Options of the scheduler of vLLM as of 2023: whole prompts first, decodes otherwise.
 *
 * @param tokenBudget most prompt tokens per iteration, counted as padded; Vidur's {@code
 *     max_tokens_in_batch}
 * @param maxBatchSize most requests in flight; Vidur's {@code batch_size_cap}
 */
public record VllmSpec(int tokenBudget, int maxBatchSize) implements SchedulerSpec {
  public VllmSpec {
    PagedScheduler.requirePositive("tokenBudget", tokenBudget);
    PagedScheduler.requirePositive("maxBatchSize", maxBatchSize);
  }

  /** Vidur's defaults: 4096 tokens, 128 requests. */
  public static VllmSpec defaults() {
    return new VllmSpec(4096, 128);
  }

  @Override
  public ReplicaScheduler create(
      KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    return new VllmScheduler(this, cache, limits, compatibility);
  }

  @Override
  public int maxBatchTokens() {
    return Math.max(tokenBudget, maxBatchSize);
  }
}
