package io.plumbline.simulator.latency;

/** Options of a predictor that has terms to calibrate. */
public interface TermedSpec {

  /** Work of the host in every iteration. */
  StepTerms host();

  /** Time of the devices in every iteration that no operator accounts for. */
  StepTerms unprofiled();
}
