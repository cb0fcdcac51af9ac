package io.plumbline.reference.serving;

/**
 * vLLM v1's rules, without prefix cache and asynchronous scheduling. Names and defaults are those
 * of vLLM 0.19 and of the simulator's scheduler of that name.
 *
 * @param maxNumSeqs most requests that run
 * @param maxNumBatchedTokens most tokens of an iteration
 * @param longPrefillTokenThreshold most tokens of one request in an iteration; 0 for no limit
 */
public record VllmV1Spec(int maxNumSeqs, int maxNumBatchedTokens, int longPrefillTokenThreshold)
    implements SchedulerSpec {
  public VllmV1Spec {
    if (maxNumSeqs <= 0 || maxNumBatchedTokens < maxNumSeqs) {
      throw new IllegalArgumentException(
          "maxNumSeqs (%d) must be positive and at most maxNumBatchedTokens (%d)"
              .formatted(maxNumSeqs, maxNumBatchedTokens));
    }
    if (longPrefillTokenThreshold < 0) {
      throw new IllegalArgumentException(
          "longPrefillTokenThreshold (%d) must not be negative. Maybe 0, for no limit."
              .formatted(longPrefillTokenThreshold));
    }
  }

  /** 128 requests, 2048 tokens, no limit for one request. */
  public static VllmV1Spec defaults() {
    return new VllmV1Spec(128, 2048, 0);
  }

  @Override
  public int tokenBudget() {
    return maxNumBatchedTokens;
  }

  @Override
  public int maxBatchSize() {
    return maxNumSeqs;
  }

  @Override
  public BatchPlanner create(KvBlocks blocks) {
    return new VllmV1Planner(this, blocks);
  }
}
