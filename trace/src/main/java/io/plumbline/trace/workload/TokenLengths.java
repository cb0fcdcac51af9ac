package io.plumbline.trace.workload;

import java.io.Serializable;
import java.util.SplittableRandom;

/** How many tokens each request has. */
public sealed interface TokenLengths extends Serializable
    permits TokenLengths.Fixed, TokenLengths.Uniform, TokenLengths.Measured {

  /** Prompt and output length of one request, in tokens. */
  record Pair(int promptTokens, int outputTokens) implements Serializable {}

  /**
   * Lengths of the request at a position.
   *
   * @param index position of the request, from 0
   */
  Pair next(int index, SplittableRandom random);

  /** The same lengths for all. */
  record Fixed(int promptTokens, int outputTokens) implements TokenLengths {
    public Fixed {
      requireRange("promptTokens", promptTokens, promptTokens);
      requireRange("outputTokens", outputTokens, outputTokens);
    }

    @Override
    public Pair next(int index, SplittableRandom random) {
      return new Pair(promptTokens, outputTokens);
    }
  }

  /** Prompt and output drawn independently, both bounds included. */
  record Uniform(int minPromptTokens, int maxPromptTokens, int minOutputTokens, int maxOutputTokens)
      implements TokenLengths {
    public Uniform {
      requireRange("promptTokens", minPromptTokens, maxPromptTokens);
      requireRange("outputTokens", minOutputTokens, maxOutputTokens);
    }

    @Override
    public Pair next(int index, SplittableRandom random) {
      int prompt = minPromptTokens + random.nextInt(maxPromptTokens - minPromptTokens + 1);
      int output = minOutputTokens + random.nextInt(maxOutputTokens - minOutputTokens + 1);
      return new Pair(prompt, output);
    }
  }

  /** The lengths of a trace, in its order; the trace starts over where more are asked for. */
  final class Measured implements TokenLengths {
    private static final long serialVersionUID = 1;

    private final int[] promptTokens;
    private final int[] outputTokens;

    /** Arrays of one length, in tokens; copied. */
    public Measured(int[] promptTokens, int[] outputTokens) {
      if (promptTokens.length == 0 || promptTokens.length != outputTokens.length) {
        throw new IllegalArgumentException(
            "a length trace needs as many prompts (%d) as outputs (%d), and at least one"
                .formatted(promptTokens.length, outputTokens.length));
      }
      this.promptTokens = promptTokens.clone();
      this.outputTokens = outputTokens.clone();
    }

    @Override
    public Pair next(int index, SplittableRandom random) {
      int row = index % promptTokens.length;
      return new Pair(promptTokens[row], outputTokens[row]);
    }
  }

  private static void requireRange(String what, int min, int max) {
    if (min <= 0 || max < min) {
      throw new IllegalArgumentException(
          "%s must be positive, the least (%d) not above the most (%d)".formatted(what, min, max));
    }
  }
}
