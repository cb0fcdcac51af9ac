package io.plumbline.jobs.sweep;

import io.plumbline.simulator.Recording;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * Predicts what simulating a point costs, so that points can be packed into tasks of like length.
 * What the simulator does follows from the request-steps: one per output token, and one per piece
 * that a prompt is cut into. How long one takes depends on scheduler and predictor; that is learned
 * from points that have been run ({@link #learn}).
 */
final class PointCost {
  /** CPU time of a request-step before anything was run; only the order of magnitude matters. */
  private static final double SECONDS_PER_STEP = 0.5e-6;

  /** CPU time of a run besides its steps: rows, files, predictor. */
  private static final double SECONDS_PER_RUN = 1e-3;

  /** What points have in common whose request-steps cost the same. */
  record Kind(String scheduler, String predictor, Integer replicas, Integer pipelineParallel)
      implements Serializable {
    static Kind of(SweepPoint point) {
      return new Kind(
          point.tags().scheduler(),
          point.tags().predictor(),
          point.tags().replicas(),
          point.tags().pipelineParallel());
    }
  }

  private final Map<String, Workload> workloads;
  private final Recording recording;
  private final Map<String, long[]> tokens = new HashMap<>();
  private final Map<Kind, Double> corrections = new HashMap<>();

  PointCost(Map<String, Workload> workloads, Recording recording) {
    this.workloads = workloads;
    this.recording = recording;
  }

  /** CPU seconds that a point is expected to take. */
  double seconds(SweepPoint point) {
    return corrections.getOrDefault(Kind.of(point), 1.0) * uncorrected(point);
  }

  private double uncorrected(SweepPoint point) {
    Workload workload = workloads.get(point.workloadId());
    long[] totals = tokens.computeIfAbsent(point.workloadId(), id -> totals(workload));
    double pieces =
        workload.size()
            + (double) totals[0] / Math.max(1, point.spec().scheduler().maxBatchTokens());
    int stages = point.spec().deployment().parallelism().pipeline();
    // Each row that is kept of a step costs about as much as the step.
    double rows = 1 + recording.ordinal();
    return SECONDS_PER_RUN + SECONDS_PER_STEP * (pieces + totals[1]) * stages * rows;
  }

  private static long[] totals(Workload workload) {
    long prompt = 0;
    long output = 0;
    for (Request request : workload.requests()) {
      prompt += request.promptTokens();
      output += request.outputTokens();
    }
    return new long[] {prompt, output};
  }

  /**
   * Takes over what points really took.
   *
   * @param measured CPU seconds by kind
   * @param predicted what {@link #seconds} said of the same points, by kind
   */
  void learn(Map<Kind, Double> measured, Map<Kind, Double> predicted) {
    measured.forEach(
        (kind, seconds) -> {
          double expected = predicted.getOrDefault(kind, 0.0);
          if (expected > 0 && seconds > 0) {
            corrections.merge(kind, seconds / expected, (before, factor) -> before * factor);
          }
        });
  }
}
