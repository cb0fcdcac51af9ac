package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.engine.EventQueue;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.trace.run.PoolRole;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The replicas of a run and everything that happens to them, event by event. */
public final class Cluster {
  private static final int NO_REPLICA = -1;
  private static final Event ROUTE_REQUESTS = new Event.RouteRequests();

  private final EventQueue<Event> queue = new EventQueue<>();
  private final List<Replica> replicas;

  /** Replicas on which requests arrive. */
  private final int[] entries;

  private final RequestRouter router;
  private final ReplicaLoads loads;

  /** Null where every replica does everything. */
  private final Handovers handovers;

  private final Arrivals arrivals;

  /** By id; null before it arrives, and once it is over if nobody keeps it. */
  private final RequestProgress[] requests;

  private final int[] replicaOfRequest;
  private final Recorder recorder;
  private final ArrayDeque<RequestProgress> unrouted = new ArrayDeque<>();
  private final boolean tellsTokens;
  private final boolean keepsRequests;
  private int nextArrival;
  private long nextIteration;

  /** The first request that waits for another one to end. */
  private int nextOfLoop;

  private int requestsOver;

  /**
   * Builds a cluster of equal replicas, ready to run.
   *
   * @param arrivals all requests of the run
   */
  public Cluster(
      int replicas,
      ReplicaSpec spec,
      RouterSpec router,
      ExecutionTimePredictor predictor,
      Arrivals arrivals,
      Recorder recorder) {
    this(List.of(Pool.mixed(replicas, spec, predictor)), router, null, null, arrivals, recorder);
  }

  /**
   * Builds a cluster of pools.
   *
   * @param router places arriving requests on replicas of prefill and mixed pools
   * @param handover how prefilled requests go on; null if there is no prefill pool, as is {@code
   *     layout}
   */
  public Cluster(
      List<Pool> pools,
      RouterSpec router,
      HandoverSpec handover,
      KvLayout layout,
      Arrivals arrivals,
      Recorder recorder) {
    this.replicas = replicas(pools);
    this.entries = numbers(role -> role != PoolRole.DECODE);
    this.loads = new Loads(entries);
    this.router = router.create(entries.length, pools.get(0).spec().compatibility());
    int[] decoders = numbers(role -> role == PoolRole.DECODE);
    this.handovers =
        handover == null
            ? null
            : new Handovers(
                handover, layout, replicas, decoders, new Loads(decoders), queue, recorder);
    this.arrivals = arrivals;
    this.requests = new RequestProgress[arrivals.size()];
    this.replicaOfRequest = new int[requests.length];
    Arrays.fill(replicaOfRequest, NO_REPLICA);
    this.recorder = recorder;
    this.tellsTokens = recorder.wantsTokens();
    this.keepsRequests = recorder.keepsRequests();
    this.nextOfLoop = arrivals.known();
    recorder.clusterReady(
        requests.length,
        replicas.stream()
            .map(replica -> new ReplicaShape(replica.stages(), replica.scheduler.kvBlocks()))
            .toList());
  }

  private static List<Replica> replicas(List<Pool> pools) {
    List<Replica> replicas = new ArrayList<>();
    for (Pool pool : pools) {
      int first = replicas.size();
      int inStep = pool.spec().replicasInStep();
      for (int i = 0; i < pool.replicas(); i++) {
        replicas.add(new Replica(pool, first + i / inStep * inStep));
      }
    }
    return List.copyOf(replicas);
  }

  private int[] numbers(Predicate<PoolRole> wanted) {
    return IntStream.range(0, replicas.size())
        .filter(number -> wanted.test(replicas.get(number).pool.role()))
        .toArray();
  }

  /**
   * Has every batch written anew, where one before might be moved on: for checking that this makes
   * no difference but that of speed.
   */
  public Cluster writingEveryBatch() {
    for (Replica replica : replicas) {
      replica.scheduler.writeEveryBatch();
    }
    return this;
  }

  /**
   * Runs until nothing is left to do, until the first event after the limit, which still counts, or
   * until the recorder has seen enough.
   *
   * @param limitSeconds simulated time; 0 for none
   */
  public void run(double limitSeconds) {
    boolean goesOn = true;
    while (goesOn && (nextArrival < arrivals.known() || !queue.isEmpty())) {
      // Known arrivals rise with the ids, so they need no heap; they come before all else of a
      // time.
      if (nextArrival < arrivals.known() && arrivals.seconds(nextArrival) <= queue.nextSeconds()) {
        queue.advanceTo(arrivals.seconds(nextArrival));
        onRequestArrival(nextArrival++);
      } else {
        queue.poll().dispatch(this);
      }
      goesOn = (limitSeconds <= 0 || queue.nowSeconds() <= limitSeconds) && recorder.wantsMore();
    }
    for (int number = 0; number < replicas.size(); number++) {
      tellOver(number, Long.MAX_VALUE);
    }
  }

  /** Time of the last event. */
  public double nowSeconds() {
    return queue.nowSeconds();
  }

  /**
   * A request as far as it has come.
   *
   * @throws IllegalStateException if it is over and no recorder keeps such requests
   */
  public RequestProgress request(int id) {
    if (requests[id] == null && hasArrived(id)) {
      throw new IllegalStateException("Request (%d) is over and was not kept".formatted(id));
    }
    return requests[id] == null ? arrivals.arrive(id, arrivals.seconds(id)) : requests[id];
  }

  private boolean hasArrived(int id) {
    return id < nextArrival || (id >= arrivals.known() && replicaOfRequest[id] != NO_REPLICA);
  }

  /** Whether each request was rejected or got its last token. */
  public boolean allOver() {
    return requestsOver == requests.length;
  }

  public int requests() {
    return requests.length;
  }

  /** Replica of a request; -1 if it never reached one. */
  public int replicaOf(int request) {
    return replicaOfRequest[request];
  }

  /** KV blocks in use on a replica. */
  public int kvBlocksUsed(int replica) {
    return replicas.get(replica).scheduler.kvBlocksUsed();
  }

  /** Of some of the replicas, as a router numbers them. */
  private final class Loads implements ReplicaLoads {
    private final int[] numbers;

    Loads(int[] numbers) {
      this.numbers = numbers;
    }

    private Replica at(int replica) {
      return replicas.get(numbers[replica]);
    }

    @Override
    public int waiting(int replica) {
      return at(replica).scheduler.waitingRequests();
    }

    @Override
    public int running(int replica) {
      return at(replica).requests() - waiting(replica);
    }

    @Override
    public int kvBlocksUsed(int replica) {
      return at(replica).scheduler.kvBlocksUsed();
    }

    @Override
    public int cachedPromptTokens(int replica, RequestProgress request) {
      return at(replica).scheduler.cachedPromptTokens(request);
    }
  }

  void onRequestArrival(int request) {
    requests[request] = arrivals.arrive(request, queue.nowSeconds());
    unrouted.addLast(requests[request]);
    recorder.requestArrives(request, queue.nowSeconds());
    queue.schedule(queue.nowSeconds(), ROUTE_REQUESTS);
  }

  void onRouteRequests() {
    TreeSet<Integer> reached = new TreeSet<>();
    while (!unrouted.isEmpty()) {
      RequestProgress request = unrouted.pollFirst();
      int number = entries[router.route(request, loads)];
      Replica replica = replicas.get(number);
      replicaOfRequest[request.id()] = number;
      if (accepts(replica, request)) {
        replica.place(request, queue.nowSeconds());
        reached.add(number);
      } else {
        tellOver(request, number);
      }
    }
    for (int number : reached) {
      queue.schedule(queue.nowSeconds(), new Event.ScheduleReplica(number));
    }
  }

  private boolean accepts(Replica replica, RequestProgress request) {
    if (replica.pool.role() == PoolRole.PREFILL) {
      if (!handovers.accept(request)) {
        return false;
      }
      request.leaveAfterPrefill();
    }
    return replica.accepts(request);
  }

  void onKvTransferEnd(Handover handover) {
    handovers.onTransferEnd(handover);
  }

  void onScheduleReplica(int number) {
    Replica replica = replicas.get(number);
    double now = queue.nowSeconds();
    int batches = 0;
    // A host that is busy schedules again when it is free, and then one batch at a time.
    while (replica.hasFreeSlot() && now >= replica.hostFreeSeconds()) {
      Batch batch = replica.scheduler.nextBatch();
      replica.scheduler.drainPreempted(
          request -> recorder.requestPreempted(number, request.id(), now));
      if (batch == null) {
        break;
      }
      batches++;
      replica.takeSlot(nextIteration);
      if (batch.prefills() > 0) {
        // The first iteration of a request is of its prefill.
        for (int i = 0; i < batch.size(); i++) {
          batch.request(i).batchStarts(now);
        }
      }
      IterationInFlight iteration = new IterationInFlight(nextIteration++, number, batch, now);
      recorder.batchScheduled(iteration, replica.scheduler.kvBlocksUsed());
      if (replica.overlapsHost()) {
        double ready = now + replica.pool.predictor().hostSeconds(batch, 0);
        replica.hostBusyUntil(ready);
        queue.schedule(ready, new Event.BatchAtStage(iteration, 0));
        queue.schedule(ready, new Event.ScheduleReplica(number));
        break;
      }
      queue.schedule(now, new Event.BatchAtStage(iteration, 0));
    }
    recorder.replicaScheduled(number, batches, replica.scheduler.kvBlocksUsed(), now);
  }

  void onBatchAtStage(IterationInFlight iteration, int stage) {
    replicas.get(iteration.replica()).queueAtStage(stage, iteration);
    queue.schedule(queue.nowSeconds(), new Event.ScheduleStage(iteration.replica(), stage));
  }

  void onScheduleStage(int number, int stage) {
    Replica replica = replicas.get(number);
    if (replica.pool.spec().replicasInStep() > 1) {
      // A moment later, when all that happens at this time has happened to the others too.
      queue.schedule(Math.nextUp(queue.nowSeconds()), new Event.ScheduleStep(replica.firstInStep));
      return;
    }
    IterationInFlight iteration = replica.startNext(stage, queue.nowSeconds());
    if (iteration != null) {
      startStage(iteration, stage, replica.pool.predictor().modelSeconds(iteration.batch(), stage));
    }
  }

  /** Replicas that share experts run every layer at the same time, those without work as well. */
  void onScheduleStep(int first) {
    Pool pool = replicas.get(first).pool;
    int replicasInStep = pool.spec().replicasInStep();
    if (!canStep(first, replicasInStep)) {
      return;
    }
    Batch[] ranks = new Batch[replicasInStep];
    IterationInFlight[] iterations = new IterationInFlight[replicasInStep];
    for (int rank = 0; rank < replicasInStep; rank++) {
      iterations[rank] = replicas.get(first + rank).startNext(0, queue.nowSeconds());
      ranks[rank] = iterations[rank] == null ? null : iterations[rank].batch();
    }
    double seconds = pool.predictor().stepSeconds(ranks, 0);
    for (IterationInFlight iteration : iterations) {
      if (iteration != null) {
        startStage(iteration, 0, seconds);
      }
    }
  }

  /** Whether no replica of a group is in a step or preparing its next, and one has work. */
  private boolean canStep(int first, int replicasInStep) {
    boolean work = false;
    for (int rank = 0; rank < replicasInStep; rank++) {
      Replica replica = replicas.get(first + rank);
      if (replica.isStageBusy(0) || (!replica.hasQueued(0) && replica.isPreparing())) {
        return false;
      }
      work |= replica.hasQueued(0);
    }
    return work;
  }

  private void startStage(IterationInFlight iteration, int stage, double modelSeconds) {
    Replica replica = replicas.get(iteration.replica());
    Batch batch = iteration.batch();
    double start = queue.nowSeconds();
    boolean prepared = stage == 0 && replica.overlapsHost();
    double hostSeconds = prepared ? 0 : replica.pool.predictor().hostSeconds(batch, stage);
    double stageSeconds = modelSeconds + hostSeconds;
    if (!(stageSeconds > 0)) {
      throw new IllegalStateException(
          "predicted %s s for iteration %d (%d tokens). Maybe the profile has bad rows."
              .formatted(stageSeconds, iteration.number(), batch.totalTokens()));
    }
    batch.stageStarts(start);
    recorder.stageStarts(
        iteration, stage, start, modelSeconds, hostSeconds, replica.scheduler.kvBlocksUsed());
    queue.schedule(
        start + stageSeconds,
        new Event.StageEnd(iteration, stage, start, stageSeconds, modelSeconds));
  }

  void onStageEnd(
      IterationInFlight iteration,
      int stage,
      double startSeconds,
      double stageSeconds,
      double modelSeconds) {
    int number = iteration.replica();
    Replica replica = replicas.get(number);
    Batch batch = iteration.batch();
    double now = queue.nowSeconds();
    replica.endStage(stage, now);
    batch.stageEnds(now, stageSeconds, modelSeconds);
    recorder.stageEnds(iteration, stage, startSeconds, now);
    queue.schedule(now, new Event.ScheduleStage(number, stage));
    boolean last = stage == replica.stages() - 1;
    queue.schedule(
        now, last ? new Event.BatchEnd(iteration) : new Event.BatchAtStage(iteration, stage + 1));
  }

  void onBatchEnd(IterationInFlight iteration) {
    int number = iteration.replica();
    Replica replica = replicas.get(number);
    double now = queue.nowSeconds();
    Batch batch = iteration.batch();
    if (batch.endsAsOne()) {
      for (int i = 0; tellsTokens && i < batch.size(); i++) {
        recorder.token(batch.request(i).id(), now);
      }
    } else {
      iterationsEnd(replica, batch, now);
    }
    replica.scheduler.batchEnded(batch);
    recorder.batchEnds(iteration, replica.scheduler.kvBlocksUsed(), now);
    tellOver(number, iteration.number());
    replica.freeSlot(now);
    queue.schedule(now, new Event.ScheduleReplica(number));
    if (handovers != null) {
      handovers.batchEnded(number, batch, replicaOfRequest);
    }
  }

  private void iterationsEnd(Replica replica, Batch batch, double now) {
    for (int i = 0; i < batch.size(); i++) {
      RequestProgress request = batch.request(i);
      if (replica.scheduler.iterationEnds(batch, i, now)) {
        if (tellsTokens) {
          recorder.token(request.id(), now);
        }
        if (request.completed()) {
          replica.requestEnded(request);
          if (nextOfLoop < requests.length) {
            queue.schedule(now, new Event.RequestArrival(nextOfLoop++));
          }
        }
      }
    }
  }

  private void tellOver(int replica, long endedIteration) {
    RequestProgress request = replicas.get(replica).pollOver(endedIteration);
    while (request != null) {
      tellOver(request, replica);
      request = replicas.get(replica).pollOver(endedIteration);
    }
  }

  private void tellOver(RequestProgress request, int replica) {
    requestsOver++;
    recorder.requestOver(request, replica);
    if (!keepsRequests) {
      requests[request.id()] = null;
    }
  }
}
