package io.plumbline.reference.serving;

/**
 * The blocks of a KV cache and who holds which. A block that was given back is the next one to be
 * taken, and at first they go out in order, so a run is the same each time.
 */
public final class KvBlocks {
  private final int blockTokens;
  private final int watermark;
  private final int[] free;
  private int freeCount;

  /**
   * @param blocks blocks in all
   * @param blockTokens tokens per block
   * @param watermark blocks that a new request must leave free
   */
  public KvBlocks(int blocks, int blockTokens, int watermark) {
    this.blockTokens = blockTokens;
    this.watermark = watermark;
    this.free = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      free[i] = blocks - 1 - i;
    }
    this.freeCount = blocks;
  }

  /** Blocks that somebody holds. */
  int used() {
    return free.length - freeCount;
  }

  boolean isFull() {
    return freeCount == 0;
  }

  private int blocksFor(int tokens) {
    return (tokens + blockTokens - 1) / blockTokens;
  }

  /** Whether a request can have room for so many tokens, whatever else should stay free. */
  boolean fits(ServedRequest request, int tokens) {
    return blocksFor(tokens) - request.heldBlocks() <= freeCount;
  }

  /** Whether a request of so many tokens may come in now. */
  boolean admits(int tokens) {
    return freeCount - blocksFor(tokens) >= watermark;
  }

  /** Gives a request blocks until it has room for so many tokens. */
  void grow(ServedRequest request, int tokens) {
    while (request.roomTokens() < tokens) {
      if (freeCount == 0) {
        throw new IllegalStateException(
            "Request (%d) needs room for %d tokens, has %d, and all %d KV blocks are taken"
                .formatted(request.id(), tokens, request.roomTokens(), free.length));
      }
      request.hold(free[--freeCount]);
    }
  }

  /** Takes all blocks of a request back. */
  void release(ServedRequest request) {
    for (int i = request.heldBlocks() - 1; i >= 0; i--) {
      free[freeCount++] = request.block(i);
    }
    request.holdNothing();
  }
}
