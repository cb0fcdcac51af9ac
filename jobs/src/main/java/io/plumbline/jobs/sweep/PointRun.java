package io.plumbline.jobs.sweep;

import io.plumbline.jobs.sweep.SharedSweep.Predictors;
import io.plumbline.simulator.Simulator;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A point that has been simulated, or broke.
 *
 * @param trace null if it broke
 * @param message why; null if it did not
 */
record PointRun(RunManifest manifest, RunTrace trace, String message) {
  private static final String HOST = host();

  private static final Map<String, String> SOFTWARE =
      Map.of(
          "java",
          System.getProperty("java.version"),
          "os",
          System.getProperty("os.name") + " " + System.getProperty("os.arch"));

  /**
   * Simulates a point. Whatever breaks in it is part of the result: the other runs of its task go
   * on, also when it took too much memory or too deep a stack.
   */
  static PointRun of(SweepPoint point, SharedSweep shared, Predictors predictors) {
    Instant started = Instant.now();
    try {
      Workload workload = shared.workloads().get(point.workloadId());
      RunTrace trace =
          Simulator.run(
              point.spec(),
              workload,
              shared.predictors(point, workload, predictors),
              shared.recording());
      return new PointRun(manifest(point, shared, started), trace, null);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
      return broken(point, shared, started, e.toString());
    }
  }

  /** A point that is not simulated any more. */
  static PointRun broken(SweepPoint point, SharedSweep shared, Instant started, String message) {
    return new PointRun(manifest(point, shared, started), null, message);
  }

  private static RunManifest manifest(SweepPoint point, SharedSweep shared, Instant started) {
    return new RunManifest(
        point.runId(),
        Origin.SIMULATED,
        "plumbline",
        point.workloadId(),
        point.specJson(),
        point.seed(),
        shared.codeVersion(),
        point.spec().pools().stream()
            .map(pool -> pool.deployment().device().name())
            .distinct()
            .collect(Collectors.joining("+")),
        point.spec().deployment().model().name(),
        SOFTWARE,
        started.toString(),
        Instant.now().toString(),
        HOST);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
