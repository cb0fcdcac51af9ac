package io.plumbline.simulator;

import io.plumbline.simulator.batching.ReplicaLimits;
import io.plumbline.simulator.cluster.Arrivals;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.KvLayout;
import io.plumbline.simulator.cluster.KvLinkSpec;
import io.plumbline.simulator.cluster.Pool;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.cluster.ReplicaSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Link;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.kvcache.MemoryPlan;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.simulator.metrics.UtilizationRecorder;
import io.plumbline.trace.run.PoolRole;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The simulator: a specification and a workload go in, a run trace comes out. No files, no clock,
 * no threads; the same inputs give the same trace.
 */
public final class Simulator {
  /** Beyond this a double of seconds no longer tells nanoseconds apart: 26 days. */
  private static final long MAX_SPAN_NANOS = 1L << 51;

  private Simulator() {}

  /**
   * Checks what only the two together can show: that the model and a request fit into memory, and
   * that the workload is not longer than the clock is exact.
   *
   * @throws IllegalArgumentException saying what does not fit
   */
  public static void requireRunnable(SimulationSpec spec, Workload workload) {
    if (workload.maxTotalTokens() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a request of the workload has %d tokens, more than %d"
              .formatted(workload.maxTotalTokens(), Integer.MAX_VALUE));
    }
    for (PoolSpec pool : spec.pools()) {
      requireFits(spec, pool, workload);
    }
    long spanNanos =
        workload.request(workload.size() - 1).arrivalNanos() - workload.request(0).arrivalNanos();
    if (spanNanos > MAX_SPAN_NANOS) {
      throw new IllegalArgumentException(
          "the workload's arrivals span %d s, more than the %d s that are simulated exactly. Maybe cut it or lower time_scale."
              .formatted(spanNanos / 1_000_000_000, MAX_SPAN_NANOS / 1_000_000_000));
    }
  }

  private static void requireFits(SimulationSpec spec, PoolSpec pool, Workload workload) {
    try {
      memoryPlan(spec, pool, workload);
    } catch (IllegalArgumentException e) {
      throw spec.hasPools()
          ? new IllegalArgumentException("pool %s: %s".formatted(pool.name(), e.getMessage()), e)
          : e;
    }
  }

  private static MemoryPlan memoryPlan(SimulationSpec spec, PoolSpec pool, Workload workload) {
    return MemoryPlan.of(
        pool.deployment(), pool.kvCache(), maxRequestTokens(pool, workload), spec.compatibility());
  }

  private static int maxRequestTokens(PoolSpec pool, Workload workload) {
    Integer stated = pool.kvCache().maxRequestTokens();
    return stated != null ? stated : Math.toIntExact(longestContext(pool, workload));
  }

  /** A prefill pool sees the prompt and the first token. */
  private static long longestContext(PoolSpec pool, Workload workload) {
    return pool.role() == PoolRole.PREFILL
        ? 1 + workload.requests().stream().mapToLong(Request::promptTokens).max().orElseThrow()
        : workload.maxTotalTokens();
  }

  /**
   * Builds the predictor of a run in a cluster of one pool. One serves all runs of the same
   * deployment and compatibility whose batches stay within the same limits.
   */
  public static ExecutionTimePredictor predictor(
      SimulationSpec spec, Workload workload, ProfileSource profiles) {
    return predictor(spec, onlyPool(spec), workload, profiles);
  }

  /** The same of one pool of several. */
  public static ExecutionTimePredictor predictor(
      SimulationSpec spec, PoolSpec pool, Workload workload, ProfileSource profiles) {
    return pool.predictor()
        .create(pool.deployment(), tableLimits(pool, workload), profiles, spec.compatibility());
  }

  private static PoolSpec onlyPool(SimulationSpec spec) {
    if (spec.hasPools()) {
      throw new IllegalArgumentException(
          "one predictor for %d pools".formatted(spec.pools().size()));
    }
    return spec.pools().get(0);
  }

  /** Simulates a workload in a cluster of one pool. */
  public static RunTrace run(
      SimulationSpec spec,
      Workload workload,
      ExecutionTimePredictor predictor,
      Recording recording) {
    return run(spec, workload, List.of(predictor), recording);
  }

  /**
   * Simulates a workload.
   *
   * @param predictors by pool
   */
  public static RunTrace run(
      SimulationSpec spec,
      Workload workload,
      List<ExecutionTimePredictor> predictors,
      Recording recording) {
    PoolModels models = new PoolModels(spec, predictors);
    return run(
            spec,
            workload,
            predictors,
            models,
            new TraceRecorder(recording, workload, spec, models))
        .requireAccountsFor(workload);
  }

  /**
   * Simulates a workload and hands every request on as soon as it is over, so that the run need not
   * keep it: for workloads of which no list of results would fit into memory.
   *
   * @param predictors by pool
   * @param recording requests or iterations; times of tokens are kept by request
   * @param sink takes each request once: those that end as they end, then those that do not, by id
   * @return all but the requests
   */
  public static RunTrace run(
      SimulationSpec spec,
      Workload workload,
      List<ExecutionTimePredictor> predictors,
      Recording recording,
      Consumer<RequestTiming> sink) {
    if (recording.tokens()) {
      throw new IllegalArgumentException(
          "recording (%s) keeps tokens of requests that are handed on. Maybe record iterations."
              .formatted(recording));
    }
    PoolModels models = new PoolModels(spec, predictors);
    return run(
        spec,
        workload,
        predictors,
        models,
        new TraceRecorder(recording, workload, spec, models, sink));
  }

  private static RunTrace run(
      SimulationSpec spec,
      Workload workload,
      List<ExecutionTimePredictor> predictors,
      PoolModels models,
      TraceRecorder recorder) {
    requireRunnable(spec, workload);
    long startNanos = workload.request(0).arrivalNanos();
    UtilizationRecorder utilization =
        new UtilizationRecorder(models::flops, spec.compatibility(), startNanos / 1e9);
    double[] arrivalSeconds = new double[workload.size()];
    for (int i = 0; i < arrivalSeconds.length; i++) {
      arrivalSeconds[i] = (workload.request(i).arrivalNanos() - startNanos) / 1e9;
    }
    Cluster cluster =
        cluster(spec, workload, arrivalSeconds, predictors, utilization.and(recorder));
    cluster.run(timeLimitSeconds(spec, startNanos));
    RunTrace trace = recorder.trace(cluster, workload, utilization.utilization());
    if (spec.compatibility() != Compatibility.VIDUR) {
      // Vidur's FasterTransformer does leak.
      requireNoLeak(spec, cluster);
    }
    return trace;
  }

  /** On a clock that begins with the first arrival; 0 for none. */
  private static double timeLimitSeconds(SimulationSpec spec, long startNanos) {
    if (spec.timeLimitSeconds() == null) {
      return 0;
    }
    return switch (spec.compatibility()) {
      case STANDARD -> spec.timeLimitSeconds();
      // Vidur's clock begins with the workload's. A limit before the first arrival is one, too.
      case VIDUR -> Math.max(Double.MIN_VALUE, spec.timeLimitSeconds() - startNanos / 1e9);
    };
  }

  /** Sizes of the latency tables that a run of this workload will use, in a cluster of one pool. */
  public static TableLimits tableLimits(SimulationSpec spec, Workload workload) {
    return tableLimits(onlyPool(spec), workload);
  }

  /** The same of one pool of several. */
  public static TableLimits tableLimits(PoolSpec pool, Workload workload) {
    return new TableLimits(
        pool.scheduler().maxBatchTokens(),
        pool.scheduler().maxBatchSize(),
        Math.toIntExact(workload.maxTotalTokens()),
        pool.scheduler().vidurTablesHoldWholeBatches());
  }

  /**
   * The run itself, at the full precision of its clock: for comparing with another simulator.
   *
   * @param arrivalSeconds exact arrivals by request, rising, from the start of whatever clock;
   *     those of the workload are rounded to ns
   * @param recorder told of everything that happens
   * @return the cluster as the run left it
   */
  public static Cluster replay(
      SimulationSpec spec,
      Workload workload,
      double[] arrivalSeconds,
      ExecutionTimePredictor predictor,
      Recorder recorder) {
    return replay(spec, workload, arrivalSeconds, List.of(predictor), recorder);
  }

  /**
   * The same in a cluster of any pools.
   *
   * @param predictors by pool
   */
  public static Cluster replay(
      SimulationSpec spec,
      Workload workload,
      double[] arrivalSeconds,
      List<ExecutionTimePredictor> predictors,
      Recorder recorder) {
    Cluster cluster = cluster(spec, workload, arrivalSeconds, predictors, recorder);
    cluster.run(spec.timeLimitSeconds() == null ? 0 : spec.timeLimitSeconds());
    return cluster;
  }

  /**
   * Simulates a closed loop: as soon as a request has ended, the next one of the workload is sent.
   *
   * @param inFlight requests at a time; their arrivals in the workload do not count
   */
  public static LoopTimes closedLoop(
      SimulationSpec spec, Workload workload, int inFlight, ExecutionTimePredictor predictor) {
    requireRunnable(spec, workload);
    double[] arrivalSeconds = new double[workload.size()];
    for (int i = inFlight; i < arrivalSeconds.length; i++) {
      arrivalSeconds[i] = Double.NaN;
    }
    List<ExecutionTimePredictor> predictors = List.of(predictor);
    LoopRecorder recorder = new LoopRecorder(workload.size(), new PoolModels(spec, predictors));
    cluster(spec, workload, arrivalSeconds, predictors, recorder).run(0);
    return recorder.times();
  }

  /**
   * A cluster that is ready to run.
   *
   * @param predictors by pool
   */
  static Cluster cluster(
      SimulationSpec spec,
      Workload workload,
      double[] arrivalSeconds,
      List<ExecutionTimePredictor> predictors,
      Recorder recorder) {
    List<Pool> pools = new ArrayList<>();
    for (int p = 0; p < spec.pools().size(); p++) {
      PoolSpec pool = spec.pools().get(p);
      pools.add(
          new Pool(
              pool.role(),
              pool.replicas(),
              replica(spec, pool, workload),
              predictors.get(p),
              spec.handover() == null || pool.role() == PoolRole.MIXED
                  ? null
                  : network(spec.handover().link(), pool.deployment())));
    }
    KvLayout layout =
        new KvLayout(spec.deployment().kvBytesPerToken(), spec.deployment().model().layers());
    return new Cluster(
        pools,
        spec.router(),
        spec.handover(),
        layout,
        new Arrivals(workload, arrivalSeconds),
        recorder);
  }

  /** One stream of a replica: as stated, or the network between servers of all its devices. */
  private static Link network(KvLinkSpec link, Deployment deployment) {
    NodeSku node = deployment.node();
    return new Link(
        link.bandwidthBytesPerSecond() != null
            ? link.bandwidthBytesPerSecond()
            : node.interNodeBandwidthBytesPerSecond() * deployment.parallelism().devices(),
        link.latencySeconds() != null ? link.latencySeconds() : node.interNodeLatencySeconds());
  }

  private static ReplicaSpec replica(SimulationSpec spec, PoolSpec pool, Workload workload) {
    MemoryPlan plan = memoryPlan(spec, pool, workload);
    // Vidur does not look at the model's longest context.
    int maxContextTokens =
        spec.compatibility() == Compatibility.VIDUR
            ? Integer.MAX_VALUE
            : pool.deployment().model().maxPositions();
    return new ReplicaSpec(
        new ReplicaLimits(
            pool.deployment().parallelism().pipeline(),
            maxRequestTokens(pool, workload),
            plan.maxWholeRequests()),
        plan.blocks(),
        pool.kvCache().blockTokens(),
        maxContextTokens,
        watermarkFraction(pool),
        replicasInStep(pool),
        pool.scheduler(),
        spec.compatibility());
  }

  private static int replicasInStep(PoolSpec pool) {
    return pool.scheduler().replicasInStep()
        ? pool.replicas()
        : pool.deployment().parallelism().replicasInStep();
  }

  private static double watermarkFraction(PoolSpec pool) {
    Double stated = pool.kvCache().watermarkFraction();
    return stated != null ? stated : pool.scheduler().usualWatermarkFraction();
  }

  /** Blocks are conserved: once all requests are done, every cache is empty again. */
  private static void requireNoLeak(SimulationSpec spec, Cluster cluster) {
    if (!cluster.allOver()) {
      return;
    }
    for (int replica = 0; replica < spec.replicas(); replica++) {
      if (cluster.kvBlocksUsed(replica) != 0) {
        throw new IllegalStateException(
            "replica %d still uses %d KV blocks after all its requests ended"
                .formatted(replica, cluster.kvBlocksUsed(replica)));
      }
    }
  }
}
