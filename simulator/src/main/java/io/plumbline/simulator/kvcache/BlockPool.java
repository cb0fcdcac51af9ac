package io.plumbline.simulator.kvcache;

/**
 * The KV blocks of a replica as vLLM v1 keeps them: each is held by any number of requests or is
 * free, and a free one keeps what was computed until it is taken for something else. Free blocks
 * queue from the one released longest ago, which is taken first; a request releases its last block
 * first, so that prefixes outlive what follows on them. Without caching blocks are only counted.
 * Block 0 is reserved and never handed out.
 *
 * @see <a href="https://docs.vllm.ai/en/latest/design/prefix_caching/">Prefix caching in vLLM</a>
 */
public final class BlockPool {
  /** The reserved block; in the circular list of free ones it stands before the first. */
  private static final int RESERVED = 0;

  private final KvCacheSize size;
  private final boolean caching;
  private final BlockIndex index;
  private final int[] holders;
  private final long[] hash;
  private final boolean[] published;
  private final int[] nextFree;
  private final int[] previousFree;
  private int freeBlocks;

  /**
   * @param caching whether full blocks can be found again by other requests
   */
  public BlockPool(KvCacheSize size, boolean caching) {
    int blocks = size.blocks();
    this.size = size;
    this.caching = caching;
    // Without caching no two requests share a block, and which one it is makes no difference.
    int told = caching ? blocks : 1;
    this.index = new BlockIndex(told);
    this.holders = new int[told];
    this.hash = new long[told];
    this.published = new boolean[told];
    this.nextFree = new int[told];
    this.previousFree = new int[told];
    for (int block = 1; block < told; block++) {
      append(block);
    }
    this.freeBlocks = usableBlocks();
  }

  /** Blocks that requests can have: all but the reserved one. */
  public int usableBlocks() {
    return size.blocks() - 1;
  }

  /** Whether full blocks can be found again. */
  public boolean isCaching() {
    return caching;
  }

  public int freeBlocks() {
    return freeBlocks;
  }

  /** Blocks that requests hold; one that several share counts once. */
  public int usedBlocks() {
    return usableBlocks() - freeBlocks;
  }

  /**
   * Finds the longest run of blocks, from the first one on, that are there already, and notes them
   * in the table without holding them. At least one of the tokens is left to compute.
   *
   * @param table of a request that holds nothing
   * @param tokens of the request
   * @return number of blocks found
   */
  public int lookUp(BlockTable table, int tokens) {
    if (!caching) {
      return 0;
    }
    int most = (tokens - 1) / size.blockTokens();
    int hits = 0;
    while (hits < most) {
      int block = index.find(table.hashes.hash(hits));
      if (block == RESERVED) {
        break;
      }
      table.put(hits++, block);
    }
    return hits;
  }

  /** Tokens of a prompt that are there already, by the same rule. */
  public int cachedTokens(BlockHashes hashes, int tokens) {
    return lookUp(new BlockTable(hashes), tokens) * size.blockTokens();
  }

  /**
   * Whether so many tokens of a request would have room.
   *
   * @param hits blocks found by {@link #lookUp}
   * @param keepFree blocks that must be left free besides
   */
  public boolean fits(BlockTable table, int hits, int tokens, int keepFree) {
    int needed = Math.max(0, size.blocksFor(tokens) - Math.max(table.held, hits));
    for (int i = 0; i < hits; i++) {
      if (holders[table.blocks[i]] == 0) {
        needed++;
      }
    }
    return needed + keepFree <= freeBlocks;
  }

  /** Whether a request has room for so many tokens already: in all but one step of a block. */
  public boolean hasRoom(BlockTable table, int tokens) {
    return (long) table.held * size.blockTokens() >= tokens;
  }

  /**
   * Gives a request room for so many tokens, which must fit.
   *
   * @param hits blocks found by {@link #lookUp}; they become the request's first ones
   */
  public void take(BlockTable table, int hits, int tokens) {
    int needed = size.blocksFor(tokens);
    if (!caching) {
      takeAny(table, Math.max(0, needed - table.held));
      return;
    }
    for (int i = 0; i < hits; i++) {
      int block = table.blocks[i];
      if (holders[block]++ == 0) {
        unlink(block);
      }
    }
    if (hits > 0) {
      table.held = hits;
      table.published = hits;
    }
    while (table.held < needed) {
      table.put(table.held++, takeFirst());
    }
  }

  /** Makes the blocks that the first so many tokens fill known to other requests. */
  public void publish(BlockTable table, int tokens) {
    if (!caching) {
      return;
    }
    // A comparison of products: this is asked in every step of every request.
    while ((table.published + 1L) * size.blockTokens() <= tokens) {
      int place = table.published++;
      int block = table.blocks[place];
      hash[block] = table.hashes.hash(place);
      published[block] = true;
      index.add(hash[block], block);
    }
  }

  /** Takes all blocks of a request back, its last one first. */
  public void release(BlockTable table) {
    if (!caching) {
      takeAny(table, -table.held);
      return;
    }
    for (int i = table.held - 1; i >= 0; i--) {
      int block = table.blocks[i];
      if (--holders[block] == 0) {
        append(block);
      }
    }
    table.held = 0;
    table.published = 0;
  }

  private void takeAny(BlockTable table, int blocks) {
    if (blocks > freeBlocks) {
      throw new IllegalStateException("no KV block is free of %d".formatted(usableBlocks()));
    }
    freeBlocks -= blocks;
    table.held += blocks;
  }

  /** Takes the first free block; what it held is gone. */
  private int takeFirst() {
    int block = nextFree[RESERVED];
    if (block == RESERVED) {
      throw new IllegalStateException("no KV block is free of %d".formatted(usableBlocks()));
    }
    unlink(block);
    if (published[block]) {
      index.remove(hash[block], block);
      published[block] = false;
    }
    holders[block] = 1;
    return block;
  }

  private void append(int block) {
    int last = previousFree[RESERVED];
    nextFree[last] = block;
    previousFree[block] = last;
    nextFree[block] = RESERVED;
    previousFree[RESERVED] = block;
    freeBlocks++;
  }

  private void unlink(int block) {
    nextFree[previousFree[block]] = nextFree[block];
    previousFree[nextFree[block]] = previousFree[block];
    freeBlocks--;
  }
}
