package io.plumbline.trace.workload.vidur;

import io.plumbline.trace.random.NumpyRandom;
import io.plumbline.trace.random.PythonRandom;
import io.plumbline.trace.workload.TokenLengths;
import java.io.Serializable;
import java.util.List;

/**
 * Lengths by Vidur's rules. A pair may come out with no prompt or no output token, where the total
 * is small for the ratio; {@link VidurWorkload} refuses it.
 */
public sealed interface VidurLengths extends Serializable
    permits VidurLengths.Fixed, VidurLengths.Uniform, VidurZipfLengths, VidurLengths.Trace {

  /** The lengths of one workload, one request after the other. */
  @FunctionalInterface
  interface Draws {
    TokenLengths.Pair next(PythonRandom python);
  }

  /** Starts over. */
  Draws start();

  /** How many requests there are lengths for. */
  default int size() {
    return Integer.MAX_VALUE;
  }

  /** The same lengths for all. */
  record Fixed(int prefillTokens, int decodeTokens) implements VidurLengths {
    public Fixed {
      if (prefillTokens <= 0 || decodeTokens <= 0) {
        throw new IllegalArgumentException(
            "prefillTokens (%d) and decodeTokens (%d) must be positive"
                .formatted(prefillTokens, decodeTokens));
      }
    }

    @Override
    public Draws start() {
      TokenLengths.Pair pair = new TokenLengths.Pair(prefillTokens, decodeTokens);
      return python -> pair;
    }
  }

  /**
   * A uniform total, split by a ratio. It draws from the stream of the Poisson intervals.
   *
   * @param minTokens least total
   * @param maxTokens the total stays below it
   * @param prefillToDecodeRatio prompt tokens per output token
   */
  record Uniform(int minTokens, int maxTokens, double prefillToDecodeRatio)
      implements VidurLengths {
    public Uniform {
      requireRange(minTokens, maxTokens);
      requireRatio(prefillToDecodeRatio);
    }

    @Override
    public Draws start() {
      return python -> {
        double total = python.uniform(minTokens, maxTokens);
        double decode = Math.ceil(total / (1 + prefillToDecodeRatio));
        return new TokenLengths.Pair((int) (total - decode), (int) decode);
      };
    }
  }

  /** The lengths of a trace, shuffled once. */
  final class Trace implements VidurLengths {
    private static final long serialVersionUID = 1;

    private final int[] prefillTokens;
    private final int[] decodeTokens;
    private final long seed;

    /**
     * @param pairs in the order of the trace
     * @param seed of the shuffle, 0 to 2^32 - 1
     */
    public Trace(List<TokenLengths.Pair> pairs, long seed) {
      new NumpyRandom(seed);
      prefillTokens = pairs.stream().mapToInt(TokenLengths.Pair::promptTokens).toArray();
      decodeTokens = pairs.stream().mapToInt(TokenLengths.Pair::outputTokens).toArray();
      this.seed = seed;
    }

    @Override
    public Draws start() {
      int[] order = new NumpyRandom(seed).permutation(prefillTokens.length);
      int[] taken = {0};
      return python -> {
        int row = order[taken[0]++];
        return new TokenLengths.Pair(prefillTokens[row], decodeTokens[row]);
      };
    }

    @Override
    public int size() {
      return prefillTokens.length;
    }
  }

  /** Refuses an empty range of totals. */
  static void requireRange(int minTokens, int maxTokens) {
    if (minTokens <= 0 || maxTokens < minTokens) {
      throw new IllegalArgumentException(
          "minTokens (%d) must be positive and not above maxTokens (%d)"
              .formatted(minTokens, maxTokens));
    }
  }

  /** Refuses a ratio that is no positive number. */
  static void requireRatio(double prefillToDecodeRatio) {
    if (!(prefillToDecodeRatio > 0) || Double.isInfinite(prefillToDecodeRatio)) {
      throw new IllegalArgumentException(
          "prefillToDecodeRatio (%s) must be positive".formatted(prefillToDecodeRatio));
    }
  }
}
