package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCache;
import io.plumbline.simulator.kvcache.KvCacheSize;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** What schedulers over a KV cache share: two queues, block rules, preemption by recompute. */
abstract class PagedScheduler implements ReplicaScheduler {
  private static final Comparator<RequestProgress> BY_ARRIVAL =
      Comparator.comparingDouble(RequestProgress::arrivalSeconds);

  final KvCache kv;
  final Compatibility compatibility;
  final int maxBatchSize;
  final int maxMicroBatchSize;

  /** Requests that hold no blocks, the next one first. */
  final ArrayDeque<RequestProgress> waiting = new ArrayDeque<>();

  /** Requests that hold blocks and are not in a batch in flight. */
  final List<RequestProgress> resident = new ArrayList<>();

  /**
   * A batch of decodes that ended while no other request was resident: its requests are, though not
   * listed, and are likely to be the next batch. Null if there is none.
   */
  private Batch resting;

  /** Counts the occasions on which a batch may come to differ from the one before. */
  private int occasions;

  private boolean writesEveryBatch;

  /** Requests that were prefilled elsewhere, ready to be resident. */
  private final List<RequestProgress> joined = new ArrayList<>();

  /** Blocks of requests that were handed over and are not copied yet. */
  private int leftBlocks;

  /** Requests that were preempted and not told of yet. */
  private final List<RequestProgress> preempted = new ArrayList<>();

  PagedScheduler(
      KvCacheSize cache, int maxBatchSize, int pipelineStages, Compatibility compatibility) {
    this.kv = new KvCache(cache);
    this.compatibility = compatibility;
    this.maxBatchSize = maxBatchSize;
    this.maxMicroBatchSize = maxBatchSize / pipelineStages;
    if (maxMicroBatchSize == 0) {
      throw new IllegalArgumentException(
          "maxBatchSize (%d) must be at least the pipeline stages (%d)"
              .formatted(maxBatchSize, pipelineStages));
    }
  }

  static void requirePositive(String what, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s (%d) must be positive".formatted(what, value));
    }
  }

  /** Writes the next batch, or gives null if nothing can run now. */
  abstract Batch formBatch();

  /** When a request in decode takes a block. */
  abstract PagedRun.Growth growth();

  @Override
  public final Batch nextBatch() {
    Batch next = nextOfRun();
    if (next == null) {
      listResting();
      resident.addAll(joined);
      joined.clear();
      int occasion = occasions;
      next = formBatch();
      if (next != null) {
        next.formedAt(occasion);
      }
    }
    return next;
  }

  /**
   * The batch that rests, moved on by a token, if it is the one that {@link #formBatch} would
   * write: nobody came to it or left it, and nobody who waited may start, since room only shrank.
   */
  Batch nextOfRun() {
    if (resting == null || resting.formedAt() != occasions) {
      return null;
    }
    Batch next = movedOn(resting);
    if (next != null) {
      next.formedAt(occasions);
      resting = null;
    }
    return next;
  }

  /** A batch of decodes that ended, moved on by a token; null if there may be no room for that. */
  final Batch movedOn(Batch batch) {
    if (writesEveryBatch) {
      return null;
    }
    DecodeRun run = batch.run();
    if (run == null) {
      // Vidur and vLLM of 2023 want a free block for each request even if it takes none.
      boolean wantsFree =
          compatibility == Compatibility.VIDUR && growth() == PagedRun.Growth.WHEN_FULL;
      run = PagedRun.after(batch, kv, growth(), wantsFree ? 1 : 0);
    }
    return run.takeBlocks() ? run.nextStep() : null;
  }

  @Override
  public final void writeEveryBatch() {
    writesEveryBatch = true;
  }

  private void listResting() {
    if (resting != null) {
      resting.closeRun();
      for (int i = 0; i < resting.size(); i++) {
        resident.add(resting.request(i));
      }
      resting = null;
    }
  }

  @Override
  public final void enqueue(RequestProgress request) {
    if (waiting.isEmpty()) {
      occasions++;
    }
    waiting.addLast(request);
  }

  @Override
  public final int waitingRequests() {
    return waiting.size();
  }

  @Override
  public final int kvBlocks() {
    return kv.blocks();
  }

  @Override
  public final int kvBlocksUsed() {
    return kv.usedBlocks();
  }

  @Override
  public final void drainPreempted(Consumer<RequestProgress> consumer) {
    preempted.forEach(consumer);
    preempted.clear();
  }

  @Override
  public final boolean iterationEnds(Batch batch, int index, double nowSeconds) {
    RequestProgress request = batch.request(index);
    boolean yields = request.batchEnded(batch.tokens(index), nowSeconds);
    if (request.leaves()) {
      occasions++;
    }
    return yields;
  }

  @Override
  public void batchEnded(Batch batch) {
    if (batch.isDecodes()
        && batch.formedAt() == occasions
        && resident.isEmpty()
        && resting == null) {
      resting = batch;
      return;
    }
    listResting();
    batch.closeRun();
    for (int i = 0; i < batch.size(); i++) {
      RequestProgress request = batch.request(i);
      if (request.completed()) {
        release(request);
      } else if (!request.leaves()) {
        resident.add(request);
      }
    }
  }

  @Override
  public final KvHold handOver(RequestProgress request) {
    int blocks = request.heldBlocks();
    request.holdNothing();
    kv.leaveBlocks();
    leftBlocks += blocks;
    return () -> {
      occasions++;
      kv.takeBack(blocks);
      leftBlocks -= blocks;
    };
  }

  /** Blocks of requests that were handed over and are not copied yet. */
  final int leftBlocks() {
    return leftBlocks;
  }

  @Override
  public final int reserve(RequestProgress request) {
    int blocks = blocksToDecode(request);
    if (!waiting.isEmpty() || kv.holders() >= maxBatchSize || !hasRoomToDecode(request, blocks)) {
      return NO_ROOM;
    }
    kv.admit(blocks);
    request.hold(blocks);
    return request.promptTokens();
  }

  /** Blocks with which a request begins that was prefilled elsewhere: its first step has room. */
  int blocksToDecode(RequestProgress request) {
    return kv.blocksFor(request.processedTokens());
  }

  /** Whether a request that was prefilled elsewhere may have so many blocks. */
  boolean hasRoomToDecode(RequestProgress request, int blocks) {
    return kv.canAdmit(blocks);
  }

  @Override
  public final void join(RequestProgress request) {
    occasions++;
    joined.add(request);
  }

  /** Whether the request's longest context fits into an empty cache: then it always finishes. */
  final boolean fitsAlone(RequestProgress request) {
    return kv.couldEverAdmit(kv.blocksFor(request.maxTotalTokens()));
  }

  /** Whether a waiting request may get blocks for its whole prompt. */
  final boolean canAdmit(RequestProgress request) {
    return kv.canAdmit(kv.blocksFor(request.promptTokens()));
  }

  final void admit(RequestProgress request) {
    admit(request, kv.blocksFor(request.promptTokens()));
  }

  final void admit(RequestProgress request, int blocks) {
    occasions++;
    kv.admit(blocks);
    request.hold(blocks);
  }

  /**
   * Makes sure that a request in decode has room for its token, preempting residents from the back
   * where there is none: each restarts at the head of the waiting queue.
   *
   * @param candidates residents that may be preempted, in order; victims are removed
   * @param from index of the first candidate
   * @return false if the request itself had to be preempted
   */
  final boolean ensureDecodeBlock(
      RequestProgress request, List<RequestProgress> candidates, int from) {
    int missing = request.processedTokens() - request.heldBlocks() * kv.blockTokens();
    // Vidur and vLLM of 2023 want a free block even where the last one has room left.
    int neededBlocks = compatibility == Compatibility.VIDUR || missing > 0 ? 1 : 0;
    while (kv.freeBlocks() < neededBlocks) {
      if (candidates.size() > from) {
        preempt(candidates.remove(candidates.size() - 1));
      } else {
        preempt(request);
        return false;
      }
    }
    if (missing > 1) {
      throw new IllegalStateException(
          "Request (%d) holds %d blocks of %d tokens but has %d tokens"
              .formatted(
                  request.id(), request.heldBlocks(), kv.blockTokens(), request.processedTokens()));
    }
    if (missing == 1) {
      kv.extend(1);
      request.hold(1);
    }
    return true;
  }

  private void preempt(RequestProgress victim) {
    if (compatibility == Compatibility.VIDUR) {
      victim.restart();
    } else {
      victim.restartKeepingPrompt();
    }
    release(victim);
    waiting.addFirst(victim);
    preempted.add(victim);
  }

  final void release(RequestProgress request) {
    occasions++;
    kv.release(request.heldBlocks());
    request.holdNothing();
  }

  /**
   * Whether a limit is reached. Vidur tests for equality, so a batch that passes a limit in one
   * step grows beyond it.
   */
  final boolean reached(int count, int limit) {
    return compatibility == Compatibility.VIDUR ? count == limit : count >= limit;
  }

  /** Stable, as Vidur sorts. */
  final void sortByArrival(List<RequestProgress> requests) {
    requests.sort(BY_ARRIVAL);
  }
}
