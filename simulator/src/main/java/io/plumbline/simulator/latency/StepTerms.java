package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import java.io.Serializable;

/**
 * Time of an iteration that grows with nothing but its size; in microseconds.
 *
 * @param perStepUs of every iteration
 * @param perSequenceUs of each request in it
 * @param perPromptTokenUs of each prompt token in it; a decode has its sequence alone
 */
public record StepTerms(double perStepUs, double perSequenceUs, double perPromptTokenUs)
    implements Serializable {

  public StepTerms {
    requireNotNegative("perStepUs", perStepUs);
    requireNotNegative("perSequenceUs", perSequenceUs);
    requireNotNegative("perPromptTokenUs", perPromptTokenUs);
  }

  /** None. */
  public static StepTerms defaults() {
    return new StepTerms(0, 0, 0);
  }

  /**
   * Work of vLLM's host: scheduling, preparing inputs, sampling and handing out tokens. Fitted to
   * aiconfigurator's closed-loop points of Qwen3-32B on H100 (vLLM 0.12, which schedules between
   * two iterations, so that these times are seen; commit 095f58a); docs/fidelity.md has what each
   * half of the points says of the other.
   */
  public static StepTerms ofVllm() {
    return new StepTerms(1000, 40, 0);
  }

  /** Time of one batch, in seconds. */
  double seconds(Batch batch) {
    double us = perStepUs + perSequenceUs * batch.size() + perPromptTokenUs * batch.prefillTokens();
    return us * 1e-6;
  }

  static void requireNotNegative(String what, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must not be negative".formatted(what, value));
    }
  }
}
