package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;

/**
 * What schedulers without paging share: a request gets room for the longest context when it starts,
 * so that none is ever preempted.
 */
abstract class ReservingScheduler extends PagedScheduler {
  /** Whole prompts of any length may share a batch; latencies are tabulated up to this. */
  static final int USUAL_BATCH_TOKENS = 4096;

  private final int maxRequestTokens;
  private final int contextBlocks;

  /** Most requests of one batch. */
  final int batchLimit;

  ReservingScheduler(
      SchedulerSpec spec, KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    super(cache, spec.maxBatchSize(), limits.pipelineStages(), compatibility);
    this.maxRequestTokens = limits.maxRequestTokens();
    if (compatibility == Compatibility.VIDUR) {
      // The rest of a block that the longest context would begin is not reserved, and every batch
      // in flight may have as many requests as the replica.
      this.contextBlocks = maxRequestTokens / kv.blockTokens();
      this.batchLimit = Math.min(limits.maxWholeRequests(), spec.maxBatchSize());
    } else {
      this.contextBlocks = kv.blocksFor(maxRequestTokens);
      this.batchLimit = maxMicroBatchSize;
    }
  }

  @Override
  public final boolean accepts(RequestProgress request) {
    return compatibility == Compatibility.VIDUR
        || (request.maxTotalTokens() <= maxRequestTokens && contextBlocks <= kv.blocks());
  }

  @Override
  final int blocksToDecode(RequestProgress request) {
    return contextBlocks;
  }

  @Override
  final boolean hasRoomToDecode(RequestProgress request, int blocks) {
    return kv.freeBlocks() >= blocks;
  }

  @Override
  final PagedRun.Growth growth() {
    return PagedRun.Growth.NEVER;
  }

  /** Starts waiting requests, whole prompts, until the batch or the cache is full. */
  final void addNewRequests(Batch batch) {
    while (!waiting.isEmpty() && batch.size() < batchLimit && kv.freeBlocks() >= contextBlocks) {
      RequestProgress next = waiting.pollFirst();
      admit(next, contextBlocks);
      batch.add(next, next.promptTokens());
    }
  }
}
