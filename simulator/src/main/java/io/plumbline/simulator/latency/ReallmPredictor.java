package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.reallm.ExpertDraws;
import io.plumbline.simulator.reallm.IterationTimes;

/**
 * Time of a batch as ReaLLM takes it: all prompt tokens as one sequence without a past, each decode
 * by itself.
 */
public final class ReallmPredictor implements ExecutionTimePredictor {
  private final IterationTimes times;
  private final ExpertDraws draws;
  private int[] contexts = new int[64];

  /**
   * A predictor for one run.
   *
   * @param times of one stage
   * @param draws what decides which experts tokens go to
   */
  public ReallmPredictor(IterationTimes times, ExpertDraws draws) {
    this.times = times;
    this.draws = draws;
  }

  @Override
  public double modelSeconds(Batch batch, int stage) {
    if (batch.decodes() > contexts.length) {
      contexts = new int[2 * batch.decodes()];
    }
    int decodes = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.isPrefill(i)) {
        // A decode's context there ends before the token at hand.
        contexts[decodes++] = batch.contextTokens(i) - 1;
      }
    }
    return times.seconds(batch.prefillTokens(), contexts, decodes, draws);
  }
}
