package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * LightLLM's scheduler as Vidur models it: a request starts if the cache will hold all running ones
 * until each has all the output that it may have, so that none is ever preempted.
 *
 * @see <a href="https://github.com/ModelTC/lightllm">LightLLM</a>
 */
final class LightllmScheduler extends PagedScheduler {
  private static final Comparator<Growth> LONGEST_FIRST =
      Comparator.comparingInt(Growth::remainingTokens).reversed();

  /**
   * What a request holds and how much more it may hold.
   *
   * @param tokens in the cache, the one at hand included
   * @param remainingTokens to come
   */
  private record Growth(int tokens, int remainingTokens) {}

  private final int tokenBudget;
  private final int maxWaitingIterations;
  private int waitingIterations;

  /** Requests that were prefilled elsewhere, until they are done. */
  private final List<RequestProgress> cameOver = new ArrayList<>();

  LightllmScheduler(
      LightllmSpec spec, KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    super(cache, spec.maxBatchSize(), limits.pipelineStages(), compatibility);
    this.tokenBudget = spec.tokenBudget();
    this.maxWaitingIterations = spec.maxWaitingIterations();
  }

  @Override
  public boolean accepts(RequestProgress request) {
    return compatibility == Compatibility.VIDUR
        || (request.promptTokens() <= tokenBudget && holdUntilDone(List.of(atStart(request)), 0));
  }

  @Override
  public boolean canDecode(RequestProgress request) {
    return request.maxTotalTokens() < kv.blocks();
  }

  @Override
  int blocksToDecode(RequestProgress request) {
    // The first step takes its block as every other.
    return kv.blocksFor(request.promptTokens());
  }

  @Override
  boolean hasRoomToDecode(RequestProgress request, int blocks) {
    cameOver.removeIf(RequestProgress::completed);
    // Who is still on the way grows later than the others, so the estimate for requests that go on
    // together is too low: the longest context of each counts.
    long tokens = request.maxTotalTokens();
    for (RequestProgress other : cameOver) {
      tokens += other.maxTotalTokens();
    }
    boolean room = tokens < kv.blocks();
    if (room) {
      cameOver.add(request);
    }
    return room;
  }

  @Override
  PagedRun.Growth growth() {
    return PagedRun.Growth.ALWAYS;
  }

  @Override
  Batch nextOfRun() {
    // Every so often those who wait are looked at again.
    Batch next = waitingIterations < maxWaitingIterations ? super.nextOfRun() : null;
    waitingIterations += next == null ? 0 : 1;
    return next;
  }

  @Override
  Batch formBatch() {
    if (resident.isEmpty()) {
      Batch prefills = prefillBatch();
      if (prefills != null) {
        waitingIterations = 0;
      }
      return prefills;
    }
    if (waitingIterations >= maxWaitingIterations) {
      waitingIterations = 0;
      Batch prefills = prefillBatch();
      if (prefills != null) {
        return prefills;
      }
    }
    waitingIterations++;
    return decodeBatch();
  }

  private Batch prefillBatch() {
    List<Growth> running = new ArrayList<>();
    for (RequestProgress request : resident) {
      running.add(underway(request));
    }
    Batch batch = new Batch(0);
    while (!waiting.isEmpty()) {
      RequestProgress next = waiting.peekFirst();
      running.add(atStart(next));
      if (batch.totalTokens() + next.promptTokens() > tokenBudget
          || reached(kv.holders(), maxBatchSize)
          || reached(batch.size(), maxMicroBatchSize)
          || !holdUntilDone(running, leftBlocks())) {
        break;
      }
      waiting.pollFirst();
      admit(next);
      batch.add(next, next.promptTokens());
    }
    return batch.size() > 0 ? batch : null;
  }

  /** Never short of blocks: {@link #holdUntilDone} saw to it when the requests were admitted. */
  private Batch decodeBatch() {
    Batch batch = new Batch(resident.size());
    for (RequestProgress request : resident) {
      kv.extend(1);
      request.hold(1);
      batch.add(request, 1);
    }
    resident.clear();
    return batch;
  }

  private static Growth atStart(RequestProgress request) {
    int mayProduce = request.maxTotalTokens() - request.promptTokens();
    return new Growth(request.promptTokens() + 1, Math.max(0, mayProduce - 2));
  }

  private static Growth underway(RequestProgress request) {
    int remaining = request.maxTotalTokens() - request.processedTokens() - 1;
    return new Growth(request.processedTokens(), Math.max(0, remaining));
  }

  /**
   * Whether the cache holds these requests at every moment until the last is done, if each takes a
   * token per iteration, besides blocks that are taken: just before the i-th longest ends, the i
   * longest have grown by its tokens.
   */
  private boolean holdUntilDone(List<Growth> requests, int takenBlocks) {
    List<Growth> longestFirst = new ArrayList<>(requests);
    longestFirst.sort(LONGEST_FIRST);
    long held = 0;
    long need = 0;
    for (int i = 0; i < longestFirst.size(); i++) {
      held += longestFirst.get(i).tokens();
      need = Math.max(need, held + (i + 1L) * longestFirst.get(i).remainingTokens());
    }
    return need < kv.blocks() - takenBlocks;
  }
}
