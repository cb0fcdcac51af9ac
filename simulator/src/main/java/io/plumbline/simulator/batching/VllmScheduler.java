package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;

/**
 * The scheduler of vLLM as of 2023, as Vidur models it: a batch is either whole prompts or decodes,
 * and prompts always win.
 *
 * @see <a href="https://arxiv.org/abs/2309.06180">PagedAttention (SOSP'23)</a>
 */
final class VllmScheduler extends PagedScheduler {
  private final int tokenBudget;

  VllmScheduler(
      VllmSpec spec, KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    super(cache, spec.maxBatchSize(), limits.pipelineStages(), compatibility);
    this.tokenBudget = spec.tokenBudget();
  }

  @Override
  public boolean accepts(RequestProgress request) {
    return compatibility == Compatibility.VIDUR
        || (request.promptTokens() <= tokenBudget && fitsAlone(request));
  }

  @Override
  public boolean canDecode(RequestProgress request) {
    return fitsAlone(request);
  }

  @Override
  PagedRun.Growth growth() {
    return PagedRun.Growth.WHEN_FULL;
  }

  @Override
  Batch formBatch() {
    Batch prefills = prefillBatch();
    if (prefills.size() > 0) {
      return prefills;
    }
    Batch decodes = decodeBatch();
    if (decodes.size() == 0 && compatibility != Compatibility.VIDUR) {
      // Every decode was preempted and no iteration may be left to end and ask again: go on with
      // the room that they gave back. Vidur stops here for ever.
      decodes = prefillBatch();
    }
    return decodes.size() > 0 ? decodes : null;
  }

  private Batch prefillBatch() {
    Batch batch = new Batch(0);
    while (!waiting.isEmpty()) {
      RequestProgress next = waiting.peekFirst();
      int tokens = next.promptTokens();
      long paddedTokens = (batch.size() + 1L) * Math.max(batch.maxTokens(), tokens);
      if (!canAdmit(next)
          || (paddedTokens > tokenBudget && !mayExceedBudget(next, batch))
          || reached(kv.holders(), maxBatchSize)
          || reached(batch.size(), maxMicroBatchSize)) {
        break;
      }
      waiting.pollFirst();
      admit(next);
      batch.add(next, tokens);
    }
    return batch;
  }

  /** A preempted request's prompt has grown; alone in a batch it may pass the budget. */
  private boolean mayExceedBudget(RequestProgress request, Batch batch) {
    return compatibility != Compatibility.VIDUR && request.preemptions() > 0 && batch.size() == 0;
  }

  private Batch decodeBatch() {
    sortByArrival(resident);
    Batch batch = new Batch(resident.size());
    int taken = 0;
    while (taken < resident.size() && !reached(batch.size(), maxMicroBatchSize)) {
      RequestProgress request = resident.get(taken++);
      if (ensureDecodeBlock(request, resident, taken)) {
        batch.add(request, 1);
      }
    }
    resident.subList(0, taken).clear();
    return batch;
  }
}
