package io.plumbline.jobs.bench;

import io.plumbline.jobs.sweep.SweepPlan;
import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.simulator.PoolSpec;
import io.plumbline.simulator.Recording;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.latency.BlockComposition;
import io.plumbline.simulator.latency.BlockOptions;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Times the points of a sweep in this JVM, one after the other, without writing tables. */
public final class SimulatorBench {
  /** Systems count CPU time in steps of 10 ms, so a short run is timed many times over. */
  private static final double LEAST_CPU_SECONDS = 1;

  private final SweepPlan plan;
  private final OperatorTimes tables;
  private final int repeats;

  /**
   * @param tables operator times in place of a predictor's own; null for those
   * @param repeats timings of each point, after a second of runs from which the compiler learns
   */
  public SimulatorBench(SweepPlan plan, OperatorTimes tables, int repeats) {
    this.plan = plan;
    this.tables = tables;
    this.repeats = repeats;
  }

  /** Runs one point. */
  Speed time(SweepPoint point) {
    Workload workload = plan.workloads().get(point.workloadId());
    List<ExecutionTimePredictor> predictors = predictors(point, workload);
    Recording recording = plan.recording();
    Stopwatch warmUp = new Stopwatch();
    Counter counter = count(point.spec(), workload, predictors);
    while (warmUp.cpuSeconds() < LEAST_CPU_SECONDS) {
      Simulator.run(point.spec(), workload, predictors, recording);
    }
    double[] cpuSeconds = new double[repeats];
    long allocated = 0;
    for (int i = 0; i < repeats; i++) {
      Stopwatch stopwatch = new Stopwatch();
      int runs = 0;
      do {
        Simulator.run(point.spec(), workload, predictors, recording);
        runs++;
      } while (stopwatch.cpuSeconds() < LEAST_CPU_SECONDS);
      cpuSeconds[i] = stopwatch.cpuSeconds() / runs;
      allocated = stopwatch.allocatedBytes() / runs;
    }
    Arrays.sort(cpuSeconds);
    long before = Stopwatch.liveBytes();
    RunTrace kept = Simulator.run(point.spec(), workload, predictors, recording);
    long retained = Stopwatch.liveBytes() - before;
    Reference.reachabilityFence(kept);
    return new Speed(
        workload.size(),
        counter.requestSteps,
        counter.iterations,
        cpuSeconds[repeats / 2],
        cpuSeconds[0],
        allocated,
        retained,
        streamed(point.spec(), workload, predictors));
  }

  /** What a run holds when it hands its last request on. */
  private static long streamed(
      SimulationSpec spec, Workload workload, List<ExecutionTimePredictor> predictors) {
    long before = Stopwatch.liveBytes();
    LastOf last = new LastOf(workload.size());
    Simulator.run(spec, workload, predictors, Recording.REQUESTS, last);
    return last.liveBytes - before;
  }

  private static final class LastOf implements Consumer<RequestTiming> {
    private int left;
    private long liveBytes;

    LastOf(int requests) {
      this.left = requests;
    }

    @Override
    public void accept(RequestTiming request) {
      if (--left == 0) {
        liveBytes = Stopwatch.liveBytes();
      }
    }
  }

  private List<ExecutionTimePredictor> predictors(SweepPoint point, Workload workload) {
    List<ExecutionTimePredictor> predictors = new ArrayList<>();
    for (int p = 0; p < point.profileHashes().size(); p++) {
      predictors.add(predictor(point, p, workload));
    }
    return predictors;
  }

  private ExecutionTimePredictor predictor(SweepPoint point, int number, Workload workload) {
    SimulationSpec spec = point.spec();
    PoolSpec pool = spec.pools().get(number);
    if (tables != null && pool.predictor() instanceof BlockOptions options) {
      return new BlockComposition(pool.deployment(), options, tables, spec.compatibility());
    }
    return Simulator.predictor(
        spec,
        pool,
        workload,
        (query, deployment) -> plan.profiles().get(point.profileHashes().get(number)));
  }

  /** Counts what a run does. */
  private static Counter count(
      SimulationSpec spec, Workload workload, List<ExecutionTimePredictor> predictors) {
    Counter counter = new Counter();
    double[] arrivals = new double[workload.size()];
    for (int i = 0; i < arrivals.length; i++) {
      arrivals[i] = workload.request(i).arrivalNanos() / 1e9;
    }
    Simulator.replay(spec, workload, arrivals, predictors, counter);
    return counter;
  }

  private static final class Counter implements Recorder {
    private long iterations;
    private long requestSteps;

    @Override
    public boolean wantsTokens() {
      return false;
    }

    @Override
    public boolean keepsRequests() {
      return false;
    }

    @Override
    public void batchScheduled(IterationInFlight iteration, int kvBlocksUsed) {
      iterations++;
      requestSteps += iteration.batch().size();
    }
  }
}
