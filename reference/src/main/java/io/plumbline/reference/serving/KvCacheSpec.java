package io.plumbline.reference.serving;

/**
 * Size and rules of the paged KV cache.
 *
 * @param blockTokens tokens per block
 * @param blocks blocks in all; null takes as many as the largest requests of the workload that may
 *     run at once can fill, so that none is ever preempted
 * @param watermarkFraction share of the blocks that a new request must leave free
 */
public record KvCacheSpec(int blockTokens, Integer blocks, double watermarkFraction) {
  public KvCacheSpec {
    if (blockTokens <= 0) {
      throw new IllegalArgumentException(
          "blockTokens (%d) must be positive".formatted(blockTokens));
    }
    if (blocks != null && blocks <= 0) {
      throw new IllegalArgumentException("blocks (%d) must be positive".formatted(blocks));
    }
    if (!(watermarkFraction >= 0 && watermarkFraction < 1)) {
      throw new IllegalArgumentException(
          "watermarkFraction (%s) must be at least 0 and below 1".formatted(watermarkFraction));
    }
  }

  /** Blocks of 16 tokens, enough of them, 1 % watermark. */
  public static KvCacheSpec defaults() {
    return new KvCacheSpec(16, null, 0.01);
  }
}
