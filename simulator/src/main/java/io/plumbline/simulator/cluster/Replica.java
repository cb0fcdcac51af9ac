package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.ReplicaScheduler;
import io.plumbline.simulator.batching.RequestProgress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** One copy of the model: its scheduler with its cache, its host and its pipeline stages. */
final class Replica {
  final ReplicaScheduler scheduler;
  final Pool pool;

  /** The first of those that take every step together with it. */
  final int firstInStep;

  private final boolean overlapsHost;
  private final int slots;
  private final int maxContextTokens;
  private final boolean[] stageBusy;
  private final ArrayDeque<IterationInFlight>[] stageQueue;
  private final List<RequestProgress> knocking = new ArrayList<>();

  /** Since when the first stage has had nothing to do. */
  private double freeSinceSeconds;

  /** A request that got its last token, and the iteration formed last until then. */
  private record Ended(RequestProgress request, long lastIteration) {}

  /** Requests that may still be in an iteration in flight, after a preemption. */
  private final ArrayDeque<Ended> ended = new ArrayDeque<>();

  private int iterationsInFlight;
  private long lastIteration;
  private int requests;
  private double hostFreeSeconds;

  @SuppressWarnings({"unchecked", "rawtypes"})
  Replica(Pool pool, int firstInStep) {
    ReplicaSpec spec = pool.spec();
    int stages = spec.limits().pipelineStages();
    this.pool = pool;
    this.firstInStep = firstInStep;
    this.scheduler = spec.createScheduler();
    this.overlapsHost = spec.overlapsHost();
    this.slots = overlapsHost ? stages + 1 : stages;
    this.maxContextTokens = spec.maxContextTokens();
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

  /** Whether a request that was prefilled elsewhere could be served to its end here. */
  boolean canDecode(RequestProgress request) {
    return request.maxTotalTokens() <= maxContextTokens && scheduler.canDecode(request);
  }

  int stages() {
    return stageBusy.length;
  }

  /** Requests that were placed here and are not done. */
  int requests() {
    return requests;
  }

  void place(RequestProgress request, double nowSeconds) {
    requests++;
    scheduler.enqueue(request);
    if (hasFreeSlot()) {
      request.takenIn(nowSeconds);
    } else {
      knocking.add(request);
    }
  }

  /** A request is on its way to here. */
  void expect() {
    requests++;
  }

  /** A request goes on elsewhere. */
  void requestLeft() {
    requests--;
  }

  void requestEnded(RequestProgress request) {
    requests--;
    ended.addLast(new Ended(request, lastIteration));
  }

  /**
   * The next request that has ended and that no iteration in flight works on; null if there is
   * none.
   *
   * @param endedIteration number of the iteration that ended last
   */
  RequestProgress pollOver(long endedIteration) {
    boolean over = !ended.isEmpty() && ended.peekFirst().lastIteration() <= endedIteration;
    return over ? ended.pollFirst().request() : null;
  }

  /** A batch keeps its slot from scheduling to the end of its last stage. */
  boolean hasFreeSlot() {
    return iterationsInFlight < slots;
  }

  /** Whether the host prepares a batch while the devices run another. */
  boolean overlapsHost() {
    return overlapsHost;
  }

  /** When the host has prepared the last batch. */
  double hostFreeSeconds() {
    return hostFreeSeconds;
  }

  void hostBusyUntil(double seconds) {
    hostFreeSeconds = seconds;
  }

  void takeSlot(long iteration) {
    lastIteration = iteration;
    iterationsInFlight++;
  }

  /** The engine looks up from what is in flight and sees who came meanwhile. */
  void freeSlot(double nowSeconds) {
    iterationsInFlight--;
    for (RequestProgress request : knocking) {
      request.takenIn(nowSeconds);
    }
    knocking.clear();
  }

  /** Whether a batch was formed that is neither at its first stage nor queued there. */
  boolean isPreparing() {
    int beyond = 0;
    for (int stage = 0; stage < stageBusy.length; stage++) {
      beyond += stageQueue[stage].size() + (stageBusy[stage] ? 1 : 0);
    }
    return iterationsInFlight > beyond;
  }

  boolean isStageBusy(int stage) {
    return stageBusy[stage];
  }

  boolean hasQueued(int stage) {
    return !stageQueue[stage].isEmpty();
  }

  void queueAtStage(int stage, IterationInFlight iteration) {
    stageQueue[stage].addLast(iteration);
  }

  /** Starts the head of a stage's queue, or gives null if the stage is busy or has none. */
  IterationInFlight startNext(int stage, double nowSeconds) {
    if (stageBusy[stage] || stageQueue[stage].isEmpty()) {
      return null;
    }
    stageBusy[stage] = true;
    IterationInFlight iteration = stageQueue[stage].pollFirst();
    if (stage == 0) {
      iteration.batch().startsAt(nowSeconds);
      iteration.batch().startsAfterPause(nowSeconds - freeSinceSeconds);
    }
    return iteration;
  }

  void endStage(int stage, double nowSeconds) {
    stageBusy[stage] = false;
    if (stage == 0) {
      freeSinceSeconds = nowSeconds;
    }
  }
}
