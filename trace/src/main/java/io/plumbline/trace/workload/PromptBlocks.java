package io.plumbline.trace.workload;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Identities of a prompt's full token blocks, for prefix sharing: two prompts have the same first
 * {@code n} blocks exactly if their first {@code n} hashes are equal (hashes are chained, so equal
 * means equal from the start).
 */
public final class PromptBlocks implements Serializable {
  private static final long serialVersionUID = 1;

  private final int blockTokens;
  private final long[] hashes;

  /**
   * @param blockTokens tokens per block
   * @param hashes one chained hash per full block; copied
   */
  public PromptBlocks(int blockTokens, long[] hashes) {
    if (blockTokens <= 0) {
      throw new IllegalArgumentException(
          "blockTokens (%d) must be positive".formatted(blockTokens));
    }
    this.blockTokens = blockTokens;
    this.hashes = hashes.clone();
  }

  public int blockTokens() {
    return blockTokens;
  }

  /** Number of full blocks. */
  public int blocks() {
    return hashes.length;
  }

  public long hash(int block) {
    return hashes[block];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PromptBlocks that
        && blockTokens == that.blockTokens
        && Arrays.equals(hashes, that.hashes);
  }

  @Override
  public int hashCode() {
    return 31 * blockTokens + Arrays.hashCode(hashes);
  }

  @Override
  public String toString() {
    return "PromptBlocks[%d x %d tokens]".formatted(hashes.length, blockTokens);
  }
}
