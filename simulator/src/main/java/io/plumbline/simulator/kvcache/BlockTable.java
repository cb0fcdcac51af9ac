package io.plumbline.simulator.kvcache;

import java.util.Arrays;

/** The blocks that one request holds in a {@link BlockPool}, in the order of its tokens. */
public final class BlockTable {
  final BlockHashes hashes;
  int[] blocks = new int[8];

  /** How many blocks it holds. */
  int held;

  /** How many of them, from the first one on, can be found by their hash. */
  int published;

  public BlockTable(BlockHashes hashes) {
    this.hashes = hashes;
  }

  /** Blocks that it holds. */
  public int held() {
    return held;
  }

  void put(int index, int block) {
    if (index == blocks.length) {
      blocks = Arrays.copyOf(blocks, index * 2);
    }
    blocks[index] = block;
  }
}
