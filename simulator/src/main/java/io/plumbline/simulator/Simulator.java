package io.plumbline.simulator;

import io.plumbline.simulator.batching.ReplicaLimits;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.cluster.ReplicaSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.MemoryPlan;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;

/**
 * The simulator: a specification and a workload go in, a run trace comes out. No files, no clock,
 * no threads; the same inputs give the same trace.
 */
public final class Simulator {
  private Simulator() {}

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
    TraceRecorder recorder = new TraceRecorder(recording, workload);
    double[] arrivalSeconds = new double[workload.size()];
    for (int i = 0; i < arrivalSeconds.length; i++) {
      arrivalSeconds[i] = workload.request(i).arrivalNanos() / 1e9;
    }
    Cluster cluster = simulate(spec, workload, arrivalSeconds, predictor, recorder);
    RunTrace trace = recorder.trace(cluster, workload).requireAccountsFor(workload);
    if (spec.compatibility() != Compatibility.VIDUR) {
      // Vidur's FasterTransformer does leak.
      requireNoLeak(spec, cluster);
    }
    return trace;
  }

  /** Sizes of the latency tables that a run of this workload will use. */
  static TableLimits tableLimits(SimulationSpec spec, Workload workload) {
    return new TableLimits(
        spec.scheduler().maxBatchTokens(),
        spec.scheduler().maxBatchSize(),
        Math.toIntExact(workload.maxTotalTokens()));
  }

  /**
   * The run itself, at the full precision of its clock.
   *
   * @param arrivalSeconds exact arrivals; those of the workload are rounded to ns
   */
  static Cluster simulate(
      SimulationSpec spec,
      Workload workload,
      double[] arrivalSeconds,
      ExecutionTimePredictor predictor,
      Recorder recorder) {
    RequestProgress[] requests = new RequestProgress[workload.size()];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = new RequestProgress(workload.request(i), arrivalSeconds[i]);
    }
    int maxRequestTokens =
        spec.kvCache().maxRequestTokens() != null
            ? spec.kvCache().maxRequestTokens()
            : Math.toIntExact(workload.maxTotalTokens());
    MemoryPlan plan =
        MemoryPlan.of(spec.deployment(), spec.kvCache(), maxRequestTokens, spec.compatibility());
    ReplicaSpec replica =
        new ReplicaSpec(
            new ReplicaLimits(
                spec.deployment().parallelism().pipeline(),
                maxRequestTokens,
                plan.maxWholeRequests()),
            plan.blocks(),
            spec.kvCache().blockTokens(),
            spec.kvCache().watermarkFraction(),
            spec.scheduler(),
            spec.compatibility());
    Cluster cluster =
        new Cluster(spec.replicas(), replica, spec.router(), predictor, requests, recorder);
    cluster.run(spec.timeLimitSeconds() == null ? 0 : spec.timeLimitSeconds());
    return cluster;
  }

  /** Blocks are conserved: once all requests are done, every cache is empty again. */
  private static void requireNoLeak(SimulationSpec spec, Cluster cluster) {
    for (int r = 0; r < cluster.requests(); r++) {
      if (!cluster.request(r).completed() && !cluster.isRejected(r)) {
        return;
      }
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
