package io.plumbline.files.workload;

import io.plumbline.files.BadInputException;
import io.plumbline.trace.workload.TokenLengths;
import java.io.Serializable;

/**
 * How much of a trace is taken, and how it is bent. Scaled lengths are truncated to integers and
 * are at least 1.
 *
 * @param requests take the first so many; null takes all
 * @param maxTokens longest context; what is above it is taken from the prompt, as Vidur's trace
 *     replay does; null leaves lengths as they are
 * @param timeScale arrivals are multiplied by it
 * @param promptScale prompt lengths are multiplied by it
 * @param outputScale output lengths are multiplied by it
 */
public record TraceLimits(
    Integer requests, Integer maxTokens, double timeScale, double promptScale, double outputScale)
    implements Serializable {

  /** The trace as it is. */
  public static final TraceLimits NONE = new TraceLimits(null, null, 1, 1, 1);

  public TraceLimits {
    if (requests != null && requests <= 0) {
      throw new IllegalArgumentException("requests (%d) must be positive".formatted(requests));
    }
    if (maxTokens != null && maxTokens < 2) {
      throw new IllegalArgumentException(
          "maxTokens (%d) must be at least 2, a prompt and an output token".formatted(maxTokens));
    }
    requirePositive("timeScale", timeScale);
    requirePositive("promptScale", promptScale);
    requirePositive("outputScale", outputScale);
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must be positive".formatted(what, value));
    }
  }

  /** Whether a trace of so many rows is enough already. */
  boolean enough(int rows) {
    return requests != null && rows >= requests;
  }

  /**
   * Lengths of one row, scaled and cut.
   *
   * @param where the row, for the message
   */
  TokenLengths.Pair lengths(int promptTokens, int outputTokens, String where) {
    int prompt = Math.max(1, (int) (promptTokens * promptScale));
    int output = Math.max(1, (int) (outputTokens * outputScale));
    if (maxTokens != null && (long) prompt + output > maxTokens) {
      prompt = maxTokens - output;
      if (prompt < 1) {
        throw new BadInputException(
            ("%s: %d output tokens leave no room for a prompt within max_tokens (%d). "
                    + "Maybe raise max_tokens or scale outputs down.")
                .formatted(where, output, maxTokens));
      }
    }
    return new TokenLengths.Pair(prompt, output);
  }
}
