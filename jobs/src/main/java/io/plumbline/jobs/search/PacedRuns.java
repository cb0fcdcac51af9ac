package io.plumbline.jobs.search;

import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.capacity.LatencyRecorder;
import io.plumbline.simulator.capacity.Slo;
import io.plumbline.simulator.capacity.SloWatch;
import io.plumbline.simulator.capacity.SloWatch.Hopeless;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.trace.workload.Workload;
import java.util.List;

/**
 * Simulates one draw of a workload at any rate. All rates have the same requests and the same
 * pattern of arrivals, stretched in time, so that between two of them nothing differs by chance.
 */
final class PacedRuns {
  private static final double NANOS_PER_SECOND = 1e9;

  private final SweepPoint point;
  private final Workload workload;
  private final List<ExecutionTimePredictor> predictors;
  private final double ownRate;

  /**
   * @param workload at whatever rate
   */
  PacedRuns(SweepPoint point, Workload workload, List<ExecutionTimePredictor> predictors) {
    this.point = point;
    this.workload = workload;
    this.predictors = predictors;
    this.ownRate = workload.requestsPerSecond();
  }

  /** A run that ends when it cannot meet the objective any more; the watch has the verdict. */
  SloWatch watch(Slo slo, double requestsPerSecond) {
    double[] arrivals = arrivals(requestsPerSecond);
    SloWatch watch =
        new SloWatch(slo, workload, arrivals, point.spec().compatibility(), Hopeless.END);
    Simulator.replay(point.spec(), workload, arrivals, predictors, watch);
    return watch;
  }

  /** A whole run with all its latencies. */
  CapacityLatencies latencies(double requestsPerSecond) {
    LatencyRecorder recorder = new LatencyRecorder(workload.size());
    Cluster cluster =
        Simulator.replay(point.spec(), workload, arrivals(requestsPerSecond), predictors, recorder);
    return CapacityLatencies.of(recorder, cluster);
  }

  /** Seconds from the first arrival; of a workload that is read in ns, as a sweep would read it. */
  private double[] arrivals(double requestsPerSecond) {
    double factor = ownRate / requestsPerSecond;
    long firstNanos = workload.request(0).arrivalNanos();
    double[] arrivals = new double[workload.size()];
    for (int r = 0; r < arrivals.length; r++) {
      arrivals[r] =
          Math.round((workload.request(r).arrivalNanos() - firstNanos) * factor) / NANOS_PER_SECOND;
    }
    return arrivals;
  }
}
