package io.plumbline.trace.workload;

import java.io.Serializable;

/**
 * One inference request, an immutable fact of a {@link Workload}.
 *
 * @param id position in its workload, from 0
 * @param arrivalNanos arrival in ns from the start of the workload
 * @param promptTokens tokens to prefill, at least 1
 * @param outputTokens tokens to generate, the first one included, at least 1
 * @param promptBlocks identities of the prompt's blocks for prefix sharing; null if unknown
 * @param priority lower runs first in schedulers that look at it; null if the workload has none
 * @param session requests of one conversation share it; null if the workload has none
 */
public record Request(
    int id,
    long arrivalNanos,
    int promptTokens,
    int outputTokens,
    PromptBlocks promptBlocks,
    Integer priority,
    String session)
    implements Serializable {

  public Request {
    if (id < 0) {
      throw new IllegalArgumentException("request id (%d) must not be negative".formatted(id));
    }
    if (arrivalNanos < 0) {
      throw new IllegalArgumentException(
          "Request (%d): arrivalNanos (%d) must not be negative".formatted(id, arrivalNanos));
    }
    if (promptTokens <= 0) {
      throw new IllegalArgumentException(
          "Request (%d): promptTokens (%d) must be positive".formatted(id, promptTokens));
    }
    if (outputTokens <= 0) {
      throw new IllegalArgumentException(
          "Request (%d): outputTokens (%d) must be positive".formatted(id, outputTokens));
    }
    if (promptBlocks != null
        && (long) promptBlocks.blocks() * promptBlocks.blockTokens() > promptTokens) {
      throw new IllegalArgumentException(
          "Request (%d): %d prompt blocks of %d tokens are more than its promptTokens (%d)"
              .formatted(id, promptBlocks.blocks(), promptBlocks.blockTokens(), promptTokens));
    }
  }

  /** A request with lengths and arrival only. */
  public Request(int id, long arrivalNanos, int promptTokens, int outputTokens) {
    this(id, arrivalNanos, promptTokens, outputTokens, null, null, null);
  }

  /** Prompt and output together: the longest context this request reaches. */
  public long totalTokens() {
    return (long) promptTokens + outputTokens;
  }
}
