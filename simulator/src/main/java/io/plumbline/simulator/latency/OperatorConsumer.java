package io.plumbline.simulator.latency;

/** Receives the operators that the time of a batch on a stage is made of. */
@FunctionalInterface
public interface OperatorConsumer {

  /**
   * Takes an operator.
   *
   * @param name as in Vidur's profiles where they have it, else the predictor's own
   * @param callMs time of one call, in milliseconds
   * @param calls how often the batch calls it on the stage
   */
  void operator(String name, double callMs, int calls);
}
