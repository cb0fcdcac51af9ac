package io.plumbline.simulator;

import io.plumbline.simulator.batching.ReplicaLimits;
import io.plumbline.simulator.cluster.Arrivals;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.cluster.ReplicaSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.MemoryPlan;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.ModelFlops;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.simulator.metrics.UtilizationRecorder;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
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
    memoryPlan(spec, workload);
    long spanNanos =
        workload.request(workload.size() - 1).arrivalNanos() - workload.request(0).arrivalNanos();
    if (spanNanos > MAX_SPAN_NANOS) {
      throw new IllegalArgumentException(
          "the workload's arrivals span %d s, more than the %d s that are simulated exactly. Maybe cut it or lower time_scale."
              .formatted(spanNanos / 1_000_000_000, MAX_SPAN_NANOS / 1_000_000_000));
    }
  }

  private static MemoryPlan memoryPlan(SimulationSpec spec, Workload workload) {
    return MemoryPlan.of(
        spec.deployment(), spec.kvCache(), maxRequestTokens(spec, workload), spec.compatibility());
  }

  private static int maxRequestTokens(SimulationSpec spec, Workload workload) {
    Integer stated = spec.kvCache().maxRequestTokens();
    return stated != null ? stated : Math.toIntExact(workload.maxTotalTokens());
  }

  /**
   * Builds the predictor of a run. One serves all runs of the same deployment and compatibility
   * whose batches stay within the same limits.
   */
  public static ExecutionTimePredictor predictor(
      SimulationSpec spec, Workload workload, ProfileSource profiles) {
    return spec.predictor()
        .create(spec.deployment(), tableLimits(spec, workload), profiles, spec.compatibility());
  }

  /** Simulates a workload. */
  public static RunTrace run(
      SimulationSpec spec,
      Workload workload,
      ExecutionTimePredictor predictor,
      Recording recording) {
    ModelFlops flops = new ModelFlops(spec.deployment(), spec.compatibility());
    return run(spec, workload, predictor, new TraceRecorder(recording, workload, flops, predictor))
        .requireAccountsFor(workload);
  }

  /**
   * Simulates a workload and hands every request on as soon as it is over, so that the run need not
   * keep it: for workloads of which no list of results would fit into memory.
   *
   * @param recording requests or iterations; times of tokens are kept by request
   * @param sink takes each request once: those that end as they end, then those that do not, by id
   * @return all but the requests
   */
  public static RunTrace run(
      SimulationSpec spec,
      Workload workload,
      ExecutionTimePredictor predictor,
      Recording recording,
      Consumer<RequestTiming> sink) {
    if (recording.tokens()) {
      throw new IllegalArgumentException(
          "recording (%s) keeps tokens of requests that are handed on. Maybe record iterations."
              .formatted(recording));
    }
    ModelFlops flops = new ModelFlops(spec.deployment(), spec.compatibility());
    return run(
        spec, workload, predictor, new TraceRecorder(recording, workload, flops, predictor, sink));
  }

  private static RunTrace run(
      SimulationSpec spec,
      Workload workload,
      ExecutionTimePredictor predictor,
      TraceRecorder recorder) {
    requireRunnable(spec, workload);
    long startNanos = workload.request(0).arrivalNanos();
    ModelFlops flops = new ModelFlops(spec.deployment(), spec.compatibility());
    UtilizationRecorder utilization =
        new UtilizationRecorder(flops, spec.compatibility(), startNanos / 1e9);
    double[] arrivalSeconds = new double[workload.size()];
    for (int i = 0; i < arrivalSeconds.length; i++) {
      arrivalSeconds[i] = (workload.request(i).arrivalNanos() - startNanos) / 1e9;
    }
    Cluster cluster = cluster(spec, workload, arrivalSeconds, predictor, utilization.and(recorder));
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

  /** Sizes of the latency tables that a run of this workload will use. */
  public static TableLimits tableLimits(SimulationSpec spec, Workload workload) {
    return new TableLimits(
        spec.scheduler().maxBatchTokens(),
        spec.scheduler().maxBatchSize(),
        Math.toIntExact(workload.maxTotalTokens()),
        spec.scheduler().vidurTablesHoldWholeBatches());
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
    Cluster cluster = cluster(spec, workload, arrivalSeconds, predictor, recorder);
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
    LoopRecorder recorder = new LoopRecorder(workload.size(), predictor);
    cluster(spec, workload, arrivalSeconds, predictor, recorder).run(0);
    return recorder.times();
  }

  /** A cluster that is ready to run. */
  static Cluster cluster(
      SimulationSpec spec,
      Workload workload,
      double[] arrivalSeconds,
      ExecutionTimePredictor predictor,
      Recorder recorder) {
    MemoryPlan plan = memoryPlan(spec, workload);
    // Vidur does not look at the model's longest context.
    int maxContextTokens =
        spec.compatibility() == Compatibility.VIDUR
            ? Integer.MAX_VALUE
            : spec.deployment().model().maxPositions();
    ReplicaSpec replica =
        new ReplicaSpec(
            new ReplicaLimits(
                spec.deployment().parallelism().pipeline(),
                maxRequestTokens(spec, workload),
                plan.maxWholeRequests()),
            plan.blocks(),
            spec.kvCache().blockTokens(),
            maxContextTokens,
            watermarkFraction(spec),
            replicasInStep(spec),
            spec.scheduler(),
            spec.compatibility());
    return new Cluster(
        spec.replicas(),
        replica,
        spec.router(),
        predictor,
        new Arrivals(workload, arrivalSeconds),
        recorder);
  }

  private static int replicasInStep(SimulationSpec spec) {
    return spec.scheduler().replicasInStep()
        ? spec.replicas()
        : spec.deployment().parallelism().replicasInStep();
  }

  private static double watermarkFraction(SimulationSpec spec) {
    Double stated = spec.kvCache().watermarkFraction();
    return stated != null ? stated : spec.scheduler().usualWatermarkFraction();
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
