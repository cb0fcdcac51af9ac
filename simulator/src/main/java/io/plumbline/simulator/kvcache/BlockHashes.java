package io.plumbline.simulator.kvcache;

import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;

/**
 * Identities of a request's full KV blocks: two blocks have the same hash if all tokens up to the
 * end of the block are known to be the same. Those of the prompt come from the workload; generated
 * tokens are the request's own, except where the next turn of its session repeats them. What is not
 * known to be shared is not shared.
 *
 * <p>The workload's blocks may be of another size than the cache's: a block of the cache then has
 * the identity of the workload's block in which it ends.
 */
public final class BlockHashes {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final int blockTokens;
  private final PromptBlocks prompt;
  private final PromptBlocks continuation;
  private final int totalTokens;
  private final long ownSalt;

  /**
   * @param nextTurn the request that follows in its session; null if none does
   * @param blockTokens tokens per block of the cache
   */
  public BlockHashes(Request request, Request nextTurn, int blockTokens) {
    this.blockTokens = blockTokens;
    this.prompt = request.promptBlocks();
    this.continuation = continues(request, nextTurn) ? nextTurn.promptBlocks() : null;
    this.totalTokens = Math.toIntExact(request.totalTokens());
    this.ownSalt = mix(~(long) request.id());
  }

  /** Whether the next turn's prompt begins with this one's. */
  private static boolean continues(Request request, Request nextTurn) {
    PromptBlocks mine = request.promptBlocks();
    PromptBlocks next = nextTurn == null ? null : nextTurn.promptBlocks();
    if (mine == null || next == null || mine.blockTokens() != next.blockTokens()) {
      return false;
    }
    // Hashes are chained, so the last one speaks for all.
    int blocks = mine.blocks();
    return next.blocks() >= blocks
        && (blocks == 0 || next.hash(blocks - 1) == mine.hash(blocks - 1));
  }

  /** Hash of a full block, by its place in the context. */
  long hash(int block) {
    long end = (block + 1L) * blockTokens;
    if (covers(prompt, end)) {
      return shared(prompt, block, end);
    }
    if (end <= totalTokens && covers(continuation, end)) {
      return shared(continuation, block, end);
    }
    return mix(ownSalt + block * GOLDEN);
  }

  private static boolean covers(PromptBlocks blocks, long endTokens) {
    return blocks != null && (long) blocks.blocks() * blocks.blockTokens() >= endTokens;
  }

  private static long shared(PromptBlocks blocks, int block, long endTokens) {
    long identity = blocks.hash((int) ((endTokens - 1) / blocks.blockTokens()));
    return mix(mix(identity) + block * GOLDEN);
  }

  /** The finalizer of SplitMix64: every bit of the input reaches every bit of the output. */
  static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
