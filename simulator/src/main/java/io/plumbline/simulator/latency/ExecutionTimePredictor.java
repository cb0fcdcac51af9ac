package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;

/**
 * Predicts how long one batch keeps one pipeline stage busy: its devices, and the host besides.
 * What a batch is launched as ({@link Batch#graph}, {@link Batch#paddedTokens}) is the scheduler's
 * word.
 */
@FunctionalInterface
public interface ExecutionTimePredictor {

  /**
   * Time of the model on the stage's devices, transfers included; in seconds, positive.
   *
   * @param stage pipeline stage, from 0
   */
  double modelSeconds(Batch batch, int stage);

  /**
   * Time of one step that several replicas take together because they share their experts.
   *
   * @param ranks a batch by replica; null for one that has no work and steps along
   */
  default double stepSeconds(Batch[] ranks, int stage) {
    double slowest = 0;
    for (Batch batch : ranks) {
      slowest = batch == null ? slowest : Math.max(slowest, modelSeconds(batch, stage));
    }
    return slowest;
  }

  /** How much of {@link #modelSeconds} lies outside of what was measured; 0 if nothing was. */
  default double extrapolatedSeconds(Batch batch, int stage) {
    return 0;
  }

  /**
   * Time of the host for this batch, in seconds: what scheduling, preparing and sampling take per
   * step, request and token. The stage is busy for the sum of both, except where the scheduler lets
   * the host work ahead: then the host prepares the batch, on the first stage's account, before it
   * goes there, and an iteration takes about the longer of both.
   *
   * @param stage pipeline stage, from 0
   */
  default double hostSeconds(Batch batch, int stage) {
    return 0;
  }

  /**
   * Tells the operators of which the stage's time is the sum, the host's included; none by default.
   *
   * @param stage pipeline stage, from 0
   */
  default void operators(Batch batch, int stage, OperatorConsumer consumer) {}
}
