package io.plumbline.jobs.score;

import io.plumbline.simulator.Recording;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * A measured point of a grid and what predicts it.
 *
 * @param grid name of the grid
 * @param workloads its requests, or several draws of what is known of them
 * @param profile what the predictor reads; null if it reads nothing
 * @param others what another simulator predicted for it, perhaps in several ways
 */
public record ScoredPoint(
    String grid,
    MeasuredPoint measured,
    SimulationSpec spec,
    List<Workload> workloads,
    OperatorProfile profile,
    List<Latencies> others) {

  /** Name of the device card. */
  String device() {
    return spec.deployment().device().name();
  }

  /** Name of the model card. */
  String model() {
    return spec.deployment().model().name();
  }

  /** The same point predicted otherwise. */
  ScoredPoint with(PredictorSpec predictor) {
    return new ScoredPoint(grid, measured, spec.with(predictor), workloads, profile, others);
  }

  /** Of each statistic the median over the draws. */
  Latencies predict() {
    return predict(workloads);
  }

  /** The prediction from the first draw alone. */
  Latencies predictOnce() {
    return predict(workloads.subList(0, 1));
  }

  private Latencies predict(List<Workload> draws) {
    List<Latencies> predicted = new ArrayList<>();
    for (Workload workload : draws) {
      ExecutionTimePredictor times =
          Simulator.predictor(spec, workload, (query, deployment) -> profile);
      predicted.add(Latencies.of(Simulator.run(spec, workload, times, Recording.TOKENS)));
    }
    return Latencies.median(predicted);
  }
}
