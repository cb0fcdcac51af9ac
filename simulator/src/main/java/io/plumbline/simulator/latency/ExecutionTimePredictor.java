package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;

/** Predicts how long one batch keeps one pipeline stage busy. */
public interface ExecutionTimePredictor {

  /**
   * Execution time in seconds, positive.
   *
   * @param stage pipeline stage, from 0
   */
  double stageSeconds(Batch batch, int stage);
}
