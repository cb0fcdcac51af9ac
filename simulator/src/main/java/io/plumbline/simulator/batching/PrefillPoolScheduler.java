package io.plumbline.simulator.batching;

import io.plumbline.simulator.batching.PrefillPoolSpec.Mode;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * ReaLLM's schedulers. What they lack and this one has are the limits of the memory: a prompt waits
 * for its blocks, and a decode without room sends another one back.
 */
final class PrefillPoolScheduler extends PagedScheduler {
  private static final Comparator<RequestProgress> BY_ARRIVAL =
      Comparator.comparingDouble(RequestProgress::arrivalSeconds)
          .thenComparingInt(RequestProgress::id);

  private final Mode mode;
  private final int chunkTokens;

  PrefillPoolScheduler(
      PrefillPoolSpec spec, KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    super(cache, spec.maxBatchSize(), limits.pipelineStages(), compatibility);
    this.mode = spec.mode();
    this.chunkTokens = spec.chunkTokens() == null ? Integer.MAX_VALUE : spec.chunkTokens();
  }

  @Override
  public boolean accepts(RequestProgress request) {
    return fitsAlone(request);
  }

  @Override
  PagedRun.Growth growth() {
    return PagedRun.Growth.WHEN_FULL;
  }

  @Override
  Batch formBatch() {
    List<RequestProgress> pool = new ArrayList<>();
    List<RequestProgress> decodes = new ArrayList<>();
    for (RequestProgress request : resident) {
      (request.prefillComplete() ? decodes : pool).add(request);
    }
    resident.clear();
    if (pool.isEmpty()) {
      fill(pool);
    }
    pool.sort(BY_ARRIVAL);
    Batch batch = new Batch(pool.size() + decodes.size());
    addPrefills(batch, pool);
    if (batch.size() == 0 || mode == Mode.MIXED || mode == Mode.CHUNKED_MIXED) {
      addDecodes(batch, decodes);
    }
    resident.addAll(pool);
    resident.addAll(decodes);
    if (batch.size() == 0 && resident.isEmpty()) {
      // Every decode was sent back and no iteration may be left to end and ask again.
      fill(pool);
      addPrefills(batch, pool);
      resident.addAll(pool);
    }
    return batch.size() > 0 ? batch : null;
  }

  /** Lets everybody who waits into the pool, as far as there is room. */
  private void fill(List<RequestProgress> pool) {
    if (mode == Mode.NONE && kv.holders() > 0) {
      return;
    }
    while (!waiting.isEmpty()
        && !reached(kv.holders(), maxBatchSize)
        && canAdmit(waiting.peekFirst())) {
      RequestProgress next = waiting.pollFirst();
      admit(next);
      pool.add(next);
    }
  }

  /** The next chunk of the pool's prompts one after the other. */
  private void addPrefills(Batch batch, List<RequestProgress> pool) {
    int taken = 0;
    while (taken < pool.size()
        && batch.totalTokens() < chunkTokens
        && !reached(batch.size(), maxMicroBatchSize)) {
      RequestProgress request = pool.get(taken++);
      int left = request.promptTokens() - request.processedTokens();
      batch.add(request, Math.min(left, chunkTokens - batch.totalTokens()));
    }
    pool.subList(0, taken).clear();
  }

  private void addDecodes(Batch batch, List<RequestProgress> decodes) {
    int taken = 0;
    while (taken < decodes.size() && !reached(batch.size(), maxMicroBatchSize)) {
      RequestProgress request = decodes.get(taken++);
      if (ensureDecodeBlock(request, decodes, taken)) {
        batch.add(request, 1);
      }
    }
    decodes.subList(0, taken).clear();
  }
}
