package io.plumbline.simulator.batching;

import io.plumbline.simulator.kvcache.BlockPool;
import io.plumbline.simulator.kvcache.KvCacheSize;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The scheduler of vLLM v1, step for step: one token budget, running requests before waiting ones,
 * whole prompts, chunks and decodes alike, and preemption that computes again what was computed but
 * keeps what was made.
 *
 * @see <a
 *     href="https://github.com/vllm-project/vllm/blob/main/vllm/v1/core/sched/scheduler.py">vLLM
 *     v1's scheduler</a>
 */
final class VllmV1Scheduler implements ReplicaScheduler {
  private static final Comparator<Sequence> MOST_URGENT_FIRST =
      Comparator.comparingInt((Sequence s) -> s.priority)
          .thenComparingDouble(s -> s.request.arrivalSeconds())
          .thenComparingInt(s -> s.request.id());

  private final VllmV1Spec spec;
  private final int blockTokens;
  private final int watermarkBlocks;
  private final boolean asynchronous;
  private final BlockPool pool;
  private final CapturedGraphs graphs;
  private final Queue<Sequence> waiting;
  private final List<RequestProgress> preempted = new ArrayList<>();

  /** In the order of their admission. */
  private final SequenceList running = new SequenceList();

  /** The requests of the step at hand. */
  private final SequenceList scheduled = new SequenceList();

  /** Requests that were prefilled elsewhere and start with the next step. */
  private final ArrayDeque<Sequence> joined = new ArrayDeque<>();

  /** Requests that were prefilled elsewhere and do not run yet. */
  private int coming;

  private int budget;
  private int batchesInFlight;

  /** Whether a running request has ended since they were looked through. */
  private boolean someEnded;

  /** The batch that the next one is likely to be like; null if there is none. */
  private Batch before;

  /** Runs that may be open: one for each batch that can be in flight. */
  private final List<DecodeRun> runs = new ArrayList<>();

  /** Counts the occasions on which a batch may come to differ from the one before. */
  private int occasions;

  private boolean writesEveryBatch;

  VllmV1Scheduler(VllmV1Spec spec, KvCacheSize cache, ReplicaLimits limits) {
    this.spec = spec;
    this.blockTokens = cache.blockTokens();
    this.watermarkBlocks = cache.watermarkBlocks();
    this.asynchronous = spec.overlapsHost(limits.pipelineStages());
    this.pool = new BlockPool(cache, spec.enablePrefixCaching());
    this.graphs =
        new CapturedGraphs(spec.cudagraphMode(), spec.captureSizes(), spec.maxBatchSize());
    this.waiting =
        switch (spec.policy()) {
          case FCFS -> new ArrayDeque<>();
          case PRIORITY -> new PriorityQueue<>(MOST_URGENT_FIRST);
        };
  }

  @Override
  public boolean accepts(RequestProgress request) {
    // The last token is never computed.
    int mostTokens = request.maxTotalTokens() - 1;
    int threshold = spec.longPrefillTokenThreshold();
    int largestChunk = threshold > 0 ? Math.min(threshold, mostTokens) : mostTokens;
    return (mostTokens + blockTokens - 1) / blockTokens <= pool.usableBlocks()
        && (spec.maxModelLen() == null || request.maxTotalTokens() <= spec.maxModelLen())
        && (spec.enableChunkedPrefill() || largestChunk <= spec.maxNumBatchedTokens());
  }

  @Override
  public void enqueue(RequestProgress request) {
    request.sequence = new Sequence(request, blockTokens);
    waiting.add(request.sequence);
  }

  @Override
  public int waitingRequests() {
    return waiting.size();
  }

  @Override
  public int kvBlocks() {
    return pool.usableBlocks();
  }

  @Override
  public int kvBlocksUsed() {
    return pool.usedBlocks();
  }

  @Override
  public int cachedPromptTokens(RequestProgress request) {
    return pool.cachedTokens(request.blockHashes(blockTokens), request.promptTokens());
  }

  @Override
  public void drainPreempted(Consumer<RequestProgress> consumer) {
    preempted.forEach(consumer);
    preempted.clear();
  }

  @Override
  public Batch nextBatch() {
    Batch batch = step();
    if (batch == null && batchesInFlight == 0 && !preempted.isEmpty()) {
      // All that ran was preempted and nothing is left to wait for: the engine steps again, and
      // with nothing preempted in that step it admits.
      batch = step();
    }
    return batch;
  }

  @Override
  public void writeEveryBatch() {
    writesEveryBatch = true;
  }

  private Batch step() {
    Batch batch = nextOfRun();
    if (batch == null) {
      closeRuns();
      int occasion = occasions;
      batch = scheduleAnew();
      if (batch != null) {
        batch.formedAt(occasion);
      }
    }
    if (batch != null) {
      batchesInFlight++;
    }
    before = asynchronous ? batch : null;
    return batch;
  }

  /**
   * The batch before, moved on by a token, if it is the one that {@link #scheduleAnew} would write:
   * nobody came to it or left it, and nobody who waits may start.
   */
  private Batch nextOfRun() {
    if (writesEveryBatch
        || before == null
        || !before.isDecodes()
        || before.formedAt() != occasions) {
      return null;
    }
    DecodeRun run = before.run();
    if (run == null) {
      int promised = asynchronous ? batchesInFlight : 0;
      run = SequenceRun.after(before, asynchronous, promised, pool, blockTokens);
    }
    // What is taken here need not be taken again if someone starts.
    if (run == null || !run.takeBlocks()) {
      return null;
    }
    budget = spec.maxNumBatchedTokens() - run.size();
    if (tokensToStart(waiting.peek()) > 0 || canStartJoined()) {
      return null;
    }
    if (!run.isOpen()) {
      runs.add(run);
    }
    Batch next = run.nextStep();
    next.formedAt(occasions);
    return next;
  }

  private void closeRuns() {
    for (DecodeRun run : runs) {
      run.close();
    }
    runs.clear();
  }

  private Batch scheduleAnew() {
    budget = spec.maxNumBatchedTokens();
    int preemptedBefore = preempted.size();
    scheduleRunning();
    startJoined();
    if (preempted.size() == preemptedBefore) {
      admitWaiting();
    }
    return scheduled.size() == 0 ? null : batch();
  }

  private void scheduleRunning() {
    int index = 0;
    while (index < running.size() && budget > 0) {
      Sequence sequence = running.get(index);
      int tokens = Math.min(chunk(sequence.tokensToCompute()), budget);
      if (tokens == 0) {
        // All it has is in flight. Those behind it may go first.
        index++;
        continue;
      }
      int target = sequence.computedTokens + tokens;
      while (!pool.hasRoom(sequence.table, target) && !pool.fits(sequence.table, 0, target, 0)) {
        Sequence victim = victim();
        if (victim.scheduledTokens > 0) {
          index--;
        }
        preempt(victim);
        if (victim == sequence) {
          return;
        }
      }
      schedule(sequence, 0, tokens);
      index++;
    }
    if (index < running.size()) {
      // Those that are left out take their turn when there is room.
      occasions++;
    }
  }

  private int chunk(int tokens) {
    int threshold = spec.longPrefillTokenThreshold();
    return threshold > 0 ? Math.min(threshold, tokens) : tokens;
  }

  /**
   * Which running request has to go: the newest, or the least urgent. Where requests arrive at the
   * same moment, which vLLM's clock does not know, the later one is less urgent; else two of them
   * could preempt each other for ever.
   */
  private Sequence victim() {
    Sequence victim = running.get(running.size() - 1);
    if (spec.policy() == VllmV1Policy.PRIORITY) {
      for (int i = 0; i < running.size(); i++) {
        if (MOST_URGENT_FIRST.compare(running.get(i), victim) > 0) {
          victim = running.get(i);
        }
      }
    }
    return victim;
  }

  private void preempt(Sequence victim) {
    occasions++;
    running.remove(victim);
    if (victim.scheduledTokens > 0) {
      scheduled.remove(victim);
      budget += victim.scheduledTokens;
    }
    pool.release(victim.table);
    victim.preempt();
    if (waiting instanceof ArrayDeque<Sequence> queue) {
      queue.addFirst(victim);
    } else {
      waiting.add(victim);
    }
    preempted.add(victim.request);
  }

  private boolean canStartJoined() {
    return !joined.isEmpty() && budget > 0 && running.size() < spec.maxNumSeqs();
  }

  /** They have room for their next token: it was reserved. */
  private void startJoined() {
    while (canStartJoined()) {
      occasions++;
      coming--;
      Sequence sequence = joined.poll();
      running.add(sequence);
      sequence.running = true;
      schedule(sequence, 0, 1);
    }
  }

  /** Never preempts: the first request that has no room stops those behind it. */
  private void admitWaiting() {
    int tokens = tokensToStart(waiting.peek());
    while (tokens > 0) {
      occasions++;
      Sequence sequence = waiting.poll();
      running.add(sequence);
      sequence.running = true;
      int hits = pool.lookUp(sequence.table, sequence.knownTokens());
      sequence.computedTokens = hits * blockTokens;
      schedule(sequence, hits, tokens);
      tokens = tokensToStart(waiting.peek());
    }
  }

  /**
   * Tokens that a request may start with now; 0 if it has to wait.
   *
   * @param sequence the first that waits; null if there is none
   */
  private int tokensToStart(Sequence sequence) {
    if (sequence == null || budget == 0 || running.size() >= spec.maxNumSeqs()) {
      return 0;
    }
    int known = sequence.knownTokens();
    int hits = pool.lookUp(sequence.table, known);
    int cached = hits * blockTokens;
    int tokens = chunk(known - cached);
    if (tokens > budget) {
      if (!spec.enableChunkedPrefill()) {
        return 0;
      }
      tokens = budget;
    }
    int keepFree = running.size() > 0 ? watermarkBlocks : 0;
    int mustFit = spec.schedulerReserveFullIsl() ? known : cached + tokens;
    return pool.fits(sequence.table, hits, mustFit, keepFree) ? tokens : 0;
  }

  /** Gives a request room for its next tokens and makes known what they fill. */
  private void schedule(Sequence sequence, int hits, int tokens) {
    int target = sequence.computedTokens + tokens;
    if (hits > 0 || !pool.hasRoom(sequence.table, target)) {
      pool.take(sequence.table, hits, target);
    }
    pool.publish(sequence.table, Math.min(target, sequence.knownTokens()));
    sequence.scheduledTokens = tokens;
    budget -= tokens;
    scheduled.add(sequence);
  }

  private Batch batch() {
    Batch batch = new Batch(scheduled.size());
    for (int i = 0; i < scheduled.size(); i++) {
      Sequence sequence = scheduled.get(i);
      int tokens = sequence.scheduledTokens;
      int before = sequence.computedTokens;
      sequence.computedTokens += tokens;
      sequence.scheduledTokens = 0;
      boolean yields = sequence.computedTokens == sequence.knownTokens() + sequence.promisedTokens;
      boolean decode = sequence.caughtUp;
      batch.add(sequence.request, tokens, decode ? before + 1 : before, !decode, yields);
      if (yields) {
        sequence.caughtUp = true;
        // Otherwise the next step of the request waits until the token is there.
        sequence.promisedTokens += asynchronous ? 1 : 0;
      }
    }
    scheduled.clear();
    graphs.launch(batch);
    return batch;
  }

  @Override
  public boolean iterationEnds(Batch batch, int index, double nowSeconds) {
    RequestProgress request = batch.request(index);
    Sequence sequence = request.sequence;
    if (sequence == null
        || !batch.yieldsToken(index)
        || batch.endTokens(index) != sequence.knownTokens()) {
      // Of a request that was preempted in flight and runs again, only one iteration makes a token.
      return false;
    }
    if (request.handsOver() && !sequence.running) {
      // It was preempted in flight and has nothing to hand over: the token is made again.
      return false;
    }
    request.tokenMade(nowSeconds);
    if (sequence.running) {
      takeIn(sequence);
    } else if (request.completed()) {
      // It was preempted while its last token was in flight.
      waiting.remove(sequence);
      request.sequence = null;
    }
    return true;
  }

  private void takeIn(Sequence sequence) {
    if (asynchronous) {
      sequence.promisedTokens--;
      pool.publish(sequence.table, sequence.computedTokens - sequence.promisedTokens);
    }
    if (sequence.request.leaves()) {
      sequence.running = false;
      if (sequence.request.completed()) {
        pool.release(sequence.table);
        sequence.request.sequence = null;
      }
      someEnded = true;
      occasions++;
    }
  }

  @Override
  public KvHold handOver(RequestProgress request) {
    Sequence sequence = request.sequence;
    request.sequence = null;
    return () -> {
      occasions++;
      pool.release(sequence.table);
    };
  }

  @Override
  public int reserve(RequestProgress request) {
    if (!waiting.isEmpty() || running.size() + coming >= spec.maxNumSeqs()) {
      return NO_ROOM;
    }
    Sequence sequence = new Sequence(request, blockTokens);
    int known = sequence.knownTokens();
    int hits = pool.lookUp(sequence.table, known);
    int keepFree = running.size() + coming > 0 ? watermarkBlocks : 0;
    // With the token at hand: no step of others may take its block, or nobody could go on.
    if (!pool.fits(sequence.table, hits, known, keepFree)) {
      return NO_ROOM;
    }
    pool.take(sequence.table, hits, known);
    sequence.computedTokens = known - 1;
    sequence.caughtUp = true;
    request.sequence = sequence;
    coming++;
    return sequence.computedTokens - hits * blockTokens;
  }

  @Override
  public void join(RequestProgress request) {
    occasions++;
    pool.publish(request.sequence.table, request.sequence.computedTokens);
    joined.add(request.sequence);
  }

  @Override
  public void batchEnded(Batch batch) {
    batchesInFlight--;
    if (someEnded) {
      someEnded = false;
      running.keepRunning();
    }
    if (!asynchronous) {
      if (before != null) {
        // Two have ended that may go on together.
        occasions++;
      }
      before = batch;
    } else if (batch.run() instanceof SequenceRun run) {
      run.publishComputed();
    }
  }
}
