package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;
import java.util.ArrayList;
import java.util.List;

/**
 * Sarathi-Serve's scheduler as Vidur models it: decodes first, then what the token budget leaves
 * for prefills, in chunks.
 *
 * @see <a href="https://arxiv.org/abs/2403.02310">Sarathi-Serve (OSDI'24)</a>
 */
final class SarathiScheduler extends PagedScheduler {
  private final int tokenBudget;
  private final List<RequestProgress> runningPrefills = new ArrayList<>();

  SarathiScheduler(
      SarathiSpec spec, KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    super(cache, spec.maxBatchSize(), limits.pipelineStages(), compatibility);
    this.tokenBudget = spec.tokenBudget();
  }

  @Override
  public boolean accepts(RequestProgress request) {
    return compatibility == Compatibility.VIDUR || fitsAlone(request);
  }

  @Override
  PagedRun.Growth growth() {
    return PagedRun.Growth.WHEN_FULL;
  }

  @Override
  Batch formBatch() {
    Batch batch = new Batch(resident.size() + 1);
    addDecodes(batch);
    addRunningPrefills(batch);
    addNewRequests(batch);
    return batch.size() > 0 ? batch : null;
  }

  private void addDecodes(Batch batch) {
    int taken = 0;
    while (taken < resident.size() && !reached(batch.size(), maxMicroBatchSize)) {
      RequestProgress request = resident.get(taken++);
      if (!request.prefillComplete()) {
        runningPrefills.add(request);
      } else if (ensureDecodeBlock(request, resident, taken)) {
        batch.add(request, 1);
      }
    }
    resident.subList(0, taken).clear();
  }

  private void addRunningPrefills(Batch batch) {
    int skipped = 0;
    for (RequestProgress request : runningPrefills) {
      int tokens = chunk(request, batch);
      // Vidur does not look at the size of the batch here.
      boolean noRoom =
          compatibility != Compatibility.VIDUR && reached(batch.size(), maxMicroBatchSize);
      if (tokens == 0 || noRoom) {
        resident.add(skipped++, request);
      } else {
        batch.add(request, tokens);
      }
    }
    runningPrefills.clear();
    sortByArrival(resident);
  }

  private void addNewRequests(Batch batch) {
    while (!waiting.isEmpty()) {
      RequestProgress next = waiting.peekFirst();
      if (reached(kv.holders(), maxBatchSize)
          || reached(batch.size(), maxMicroBatchSize)
          || !canAdmit(next)) {
        break;
      }
      int tokens = chunk(next, batch);
      if (tokens == 0) {
        break;
      }
      waiting.pollFirst();
      admit(next);
      batch.add(next, tokens);
    }
  }

  private int chunk(RequestProgress request, Batch batch) {
    int left = request.promptTokens() - request.processedTokens();
    return Math.max(0, Math.min(left, tokenBudget - batch.totalTokens()));
  }
}
