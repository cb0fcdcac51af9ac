package io.plumbline.simulator.kvcache;

/**
 * How large the KV cache of one replica is.
 *
 * @param blocks blocks in all
 * @param blockTokens tokens per block
 * @param watermarkBlocks blocks that admitting a new request must leave free
 */
public record KvCacheSize(int blocks, int blockTokens, int watermarkBlocks) {

  public KvCacheSize {
    if (blocks <= 0 || blockTokens <= 0 || watermarkBlocks < 0) {
      throw new IllegalArgumentException(
          "blocks (%d), blockTokens (%d) must be positive, watermarkBlocks (%d) not negative"
              .formatted(blocks, blockTokens, watermarkBlocks));
    }
  }

  /** Blocks that so many tokens fill, the last one perhaps in part. */
  public int blocksFor(int tokens) {
    return (tokens + blockTokens - 1) / blockTokens;
  }
}
