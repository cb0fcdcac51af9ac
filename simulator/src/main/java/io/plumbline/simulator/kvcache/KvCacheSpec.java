package io.plumbline.simulator.kvcache;

import java.io.Serializable;

/**
 * Size and rules of a replica's paged KV cache.
 *
 * @param blockTokens tokens per block
 * @param blocks blocks per replica; null lets the memory plan decide
 * @param memoryMarginFraction share of device memory that stays free of weights and KV
 * @param watermarkFraction share of the blocks that a new request must leave free; null takes what
 *     is usual for the scheduler
 * @param maxRequestTokens longest context a request may reach; null takes the workload's longest.
 *     Only Vidur's memory plan depends on it
 */
public record KvCacheSpec(
    int blockTokens,
    Integer blocks,
    double memoryMarginFraction,
    Double watermarkFraction,
    Integer maxRequestTokens)
    implements Serializable {

  public KvCacheSpec {
    if (blockTokens <= 0) {
      throw new IllegalArgumentException(
          "blockTokens (%d) must be positive".formatted(blockTokens));
    }
    if (blocks != null && blocks <= 0) {
      throw new IllegalArgumentException("blocks (%d) must be positive".formatted(blocks));
    }
    requireFraction("memoryMarginFraction", memoryMarginFraction);
    if (watermarkFraction != null) {
      requireFraction("watermarkFraction", watermarkFraction);
    }
    if (maxRequestTokens != null && maxRequestTokens < blockTokens) {
      throw new IllegalArgumentException(
          "maxRequestTokens (%d) must be at least one block (%d tokens)"
              .formatted(maxRequestTokens, blockTokens));
    }
  }

  /** Blocks of 16 tokens, 10 % memory margin, the scheduler's watermark: Vidur's and vLLM's. */
  public static KvCacheSpec defaults() {
    return new KvCacheSpec(16, null, 0.1, null, null);
  }

  private static void requireFraction(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s (%s) must be at least 0 and below 1".formatted(what, value));
    }
  }
}
