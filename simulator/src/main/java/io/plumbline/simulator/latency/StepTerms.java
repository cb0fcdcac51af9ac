package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import java.io.Serializable;

/**
 * Time of an iteration that grows with nothing but its size; in microseconds.
 *
 * @param perStepUs of every iteration
 * @param perSequenceUs of each request in it
 * @param perTokenUs of each token in it
 */
public record StepTerms(double perStepUs, double perSequenceUs, double perTokenUs)
    implements Serializable {

  public StepTerms {
    requireNotNegative("perStepUs", perStepUs);
    requireNotNegative("perSequenceUs", perSequenceUs);
    requireNotNegative("perTokenUs", perTokenUs);
  }

  /** None. */
  public static StepTerms defaults() {
    return new StepTerms(0, 0, 0);
  }

  /** Time of one batch, in seconds. */
  double seconds(Batch batch) {
    return (perStepUs + perSequenceUs * batch.size() + perTokenUs * batch.totalTokens()) * 1e-6;
  }

  private static void requireNotNegative(String what, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must not be negative".formatted(what, value));
    }
  }
}
