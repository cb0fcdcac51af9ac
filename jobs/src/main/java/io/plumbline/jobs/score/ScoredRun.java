package io.plumbline.jobs.score;

import io.plumbline.simulator.Recording;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.simulator.latency.StepTerms;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import java.util.List;

/**
 * A measured run and the specification that predicts it.
 *
 * @param measured what became of the requests of the workload; null if the run is not here: others
 *     can still be fitted for it
 * @param fromQueue whether the measured times count from the engine's queue, not from the client
 * @param profile what the predictor reads; null if it reads nothing
 */
public record ScoredRun(
    String name,
    SimulationSpec spec,
    Workload workload,
    List<RequestTiming> measured,
    boolean fromQueue,
    OperatorProfile profile) {

  /** Whether the measured run is here, so that it can be scored and fitted to. */
  public boolean isHere() {
    return measured != null;
  }

  /** Name of the device. */
  public String device() {
    return spec.deployment().device().name();
  }

  /** Name of the model. */
  public String model() {
    return spec.deployment().model().name();
  }

  /** The same run predicted with other terms. */
  public ScoredRun with(StepTerms host, StepTerms unprofiled) {
    return with(spec.predictor().with(host, unprofiled));
  }

  /** The same run predicted by another predictor that reads the same profile. */
  ScoredRun with(PredictorSpec predictor) {
    return new ScoredRun(name, spec.with(predictor), workload, measured, fromQueue, profile);
  }

  /** Simulates the run and says how far off it is. */
  public RunScore score() {
    return score(simulate());
  }

  RunScore score(RunTrace trace) {
    return RunScore.of(name, measured, fromQueue, trace);
  }

  RunTrace simulate() {
    return Simulator.run(
        spec,
        workload,
        Simulator.predictor(spec, workload, (query, deployment) -> profile),
        Recording.REQUESTS);
  }
}
