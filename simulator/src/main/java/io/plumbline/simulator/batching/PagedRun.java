package io.plumbline.simulator.batching;

import io.plumbline.simulator.kvcache.KvCache;

/** A run of decodes over a cache that counts blocks: how many requests take one in which step. */
final class PagedRun extends DecodeRun {

  /** When a request in decode takes a block. */
  enum Growth {
    /** It has room for its longest context from the start. */
    NEVER,
    /** When its blocks are full. */
    WHEN_FULL,
    /** In every step. */
    ALWAYS
  }

  private final KvCache kv;
  private final Growth growth;
  private final int keepFree;

  /** Requests that take a block in a step, over and over. */
  private final int[] takers;

  private PagedRun(
      Batch before, int lastStep, KvCache kv, Growth growth, int keepFree, int[] takers) {
    super(before, lastStep);
    this.kv = kv;
    this.growth = growth;
    this.keepFree = keepFree;
    this.takers = takers;
  }

  /**
   * A run that goes on where a batch ended.
   *
   * @param keepFree blocks that a step must leave free
   */
  static PagedRun after(Batch batch, KvCache kv, Growth growth, int keepFree) {
    int[] takers = new int[growth == Growth.WHEN_FULL ? kv.blockTokens() : 1];
    int lastStep = Integer.MAX_VALUE;
    for (int i = 0; i < batch.size(); i++) {
      RequestProgress request = batch.request(i);
      lastStep = Math.min(lastStep, request.decodesLeft());
      if (growth != Growth.NEVER) {
        takers[growth == Growth.ALWAYS ? 0 : stepsOfRoom(request, kv)]++;
      }
    }
    return new PagedRun(batch, lastStep, kv, growth, keepFree, takers);
  }

  /** Steps before the one in which a request needs its next block; less than a block has tokens. */
  private static int stepsOfRoom(RequestProgress request, KvCache kv) {
    return request.heldBlocks() * kv.blockTokens() - request.processedTokens() + 1;
  }

  @Override
  boolean takeBlocks() {
    int needed = takers[scheduledSteps() % takers.length];
    if (!hasNextStep() || kv.freeBlocks() < needed + keepFree) {
      return false;
    }
    kv.extend(needed);
    return true;
  }

  @Override
  void settle(RequestProgress request, int scheduled, int ended) {
    int blocks =
        switch (growth) {
          case NEVER -> 0;
          case ALWAYS -> scheduled;
          case WHEN_FULL -> {
            int stepsWithout = stepsOfRoom(request, kv) + ended;
            yield Math.max(0, (scheduled - stepsWithout + kv.blockTokens() - 1) / kv.blockTokens());
          }
        };
    request.hold(blocks);
  }
}
