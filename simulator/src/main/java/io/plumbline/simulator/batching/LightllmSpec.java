package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;

/**
 * Options of LightLLM's scheduler, which accounts the KV cache token by token: blocks of one token,
 * one pipeline stage.
 *
 * @param tokenBudget most prompt tokens per iteration; Vidur's {@code max_tokens_in_batch}
 * @param maxBatchSize most requests in flight; Vidur's {@code batch_size_cap}
 * @param maxWaitingIterations decode iterations in a row before new prompts get a turn; Vidur's
 *     {@code max_waiting_iters}
 */
public record LightllmSpec(int tokenBudget, int maxBatchSize, int maxWaitingIterations)
    implements SchedulerSpec {
  public LightllmSpec {
    PagedScheduler.requirePositive("tokenBudget", tokenBudget);
    PagedScheduler.requirePositive("maxBatchSize", maxBatchSize);
    PagedScheduler.requirePositive("maxWaitingIterations", maxWaitingIterations);
  }

  /** Vidur's defaults: 4096 tokens, 128 requests, 10 iterations. */
  public static LightllmSpec defaults() {
    return new LightllmSpec(4096, 128, 10);
  }

  @Override
  public ReplicaScheduler create(
      KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    return new LightllmScheduler(this, cache, limits, compatibility);
  }

  @Override
  public int maxBatchTokens() {
    return Math.max(tokenBudget, maxBatchSize);
  }

  @Override
  public void requireCanRun(int pipelineStages, int blockTokens) {
    if (pipelineStages != 1 || blockTokens != 1) {
      throw new IllegalArgumentException(
          "lightllm needs one pipeline stage (not %d) and KV blocks of one token (not %d)"
              .formatted(pipelineStages, blockTokens));
    }
  }
}
