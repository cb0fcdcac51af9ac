package io.plumbline.simulator.kvcache;

/** Block accounting of one replica: how many blocks are used and by how many requests. */
public final class KvCache {
  private final int blockTokens;
  private final int blocks;
  private final int watermarkBlocks;
  private int usedBlocks;
  private int holders;

  public KvCache(KvCacheSize size) {
    this.blocks = size.blocks();
    this.blockTokens = size.blockTokens();
    this.watermarkBlocks = size.watermarkBlocks();
  }

  public int blocks() {
    return blocks;
  }

  public int blockTokens() {
    return blockTokens;
  }

  public int usedBlocks() {
    return usedBlocks;
  }

  public int freeBlocks() {
    return blocks - usedBlocks;
  }

  /** Requests that hold blocks. */
  public int holders() {
    return holders;
  }

  /** Blocks that so many tokens fill, the last one perhaps in part. */
  public int blocksFor(int tokens) {
    return (tokens + blockTokens - 1) / blockTokens;
  }

  /** Whether a new request of so many blocks may come in, watermark kept. */
  public boolean canAdmit(int newBlocks) {
    return blocks - usedBlocks - newBlocks >= watermarkBlocks;
  }

  /** Whether a new request of so many blocks could ever come in. */
  public boolean couldEverAdmit(int newBlocks) {
    return blocks - newBlocks >= watermarkBlocks;
  }

  /** Gives a request that holds nothing its first blocks. */
  public void admit(int newBlocks) {
    take(newBlocks);
    holders++;
  }

  /** Gives holders so many more blocks. */
  public void extend(int newBlocks) {
    take(newBlocks);
  }

  /** Takes all blocks of a holder back. */
  public void release(int heldBlocks) {
    if (heldBlocks > usedBlocks || holders == 0) {
      throw new IllegalStateException(
          "%d KV blocks released but only %d used by %d requests"
              .formatted(heldBlocks, usedBlocks, holders));
    }
    usedBlocks -= heldBlocks;
    holders--;
  }

  /** Leaves the blocks of a holder to somebody else, who gives them back. */
  public void leaveBlocks() {
    holders--;
  }

  /** Takes blocks back that a holder left. */
  public void takeBack(int leftBlocks) {
    usedBlocks -= leftBlocks;
  }

  private void take(int newBlocks) {
    if (newBlocks > blocks - usedBlocks) {
      throw new IllegalStateException(
          "%d KV blocks asked for but only %d of %d are free"
              .formatted(newBlocks, blocks - usedBlocks, blocks));
    }
    usedBlocks += newBlocks;
  }
}
