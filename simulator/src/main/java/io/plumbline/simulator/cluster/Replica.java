package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.ReplicaScheduler;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.kvcache.KvCache;
import java.util.ArrayDeque;

/** One copy of the model: its scheduler, its cache and its pipeline stages. */
final class Replica {
  final ReplicaScheduler scheduler;
  final KvCache kv;
  private final int maxContextTokens;
  private final boolean[] stageBusy;
  private final ArrayDeque<IterationInFlight>[] stageQueue;
  private int iterationsInFlight;
  private int requests;

  @SuppressWarnings({"unchecked", "rawtypes"})
  Replica(ReplicaScheduler scheduler, KvCache kv, int stages, int maxContextTokens) {
    this.scheduler = scheduler;
    this.kv = kv;
    this.maxContextTokens = maxContextTokens;
    this.stageBusy = new boolean[stages];
    this.stageQueue = new ArrayDeque[stages];
    for (int stage = 0; stage < stages; stage++) {
      stageQueue[stage] = new ArrayDeque<>();
    }
  }

  /** Whether a request could ever be served to its end here. */
  boolean accepts(RequestProgress request) {
    return request.maxTotalTokens() <= maxContextTokens && scheduler.accepts(request);
  }

  int stages() {
    return stageBusy.length;
  }

  /** Requests that were placed here and are not done. */
  int requests() {
    return requests;
  }

  void place(RequestProgress request) {
    requests++;
    scheduler.enqueue(request);
  }

  void requestEnded() {
    requests--;
  }

  /** A batch keeps its slot from scheduling to the end of its last stage. */
  boolean hasFreeSlot() {
    return iterationsInFlight < stageBusy.length;
  }

  void takeSlot() {
    iterationsInFlight++;
  }

  void freeSlot() {
    iterationsInFlight--;
  }

  void queueAtStage(int stage, IterationInFlight iteration) {
    stageQueue[stage].addLast(iteration);
  }

  /** Starts the head of a stage's queue, or gives null if the stage is busy or has none. */
  IterationInFlight startNext(int stage) {
    if (stageBusy[stage] || stageQueue[stage].isEmpty()) {
      return null;
    }
    stageBusy[stage] = true;
    return stageQueue[stage].pollFirst();
  }

  void endStage(int stage) {
    stageBusy[stage] = false;
  }
}
