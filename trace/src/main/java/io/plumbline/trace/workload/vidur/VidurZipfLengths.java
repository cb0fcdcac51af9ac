package io.plumbline.trace.workload.vidur;

import io.plumbline.trace.random.CorrectlyRounded;
import io.plumbline.trace.random.NumpyRandom;
import io.plumbline.trace.workload.TokenLengths;

/**
 * A total by Zipf's law, split by a ratio; both parts are truncated, so a token may be lost. It
 * draws from a stream of its own. The normalizing sum ends one item early, as Vidur's does.
 *
 * @param minTokens least total and the most frequent one
 * @param maxTokens greatest total
 * @param theta skew, above 0 and below 1
 * @param prefillToDecodeRatio prompt tokens per output token
 * @param seed of its stream, 0 to 2^32 - 1
 * @see <a href="https://doi.org/10.1145/191839.191886">Gray et al.: Quickly generating
 *     billion-record synthetic databases, 1994</a>
 */
public record VidurZipfLengths(
    int minTokens, int maxTokens, double theta, double prefillToDecodeRatio, long seed)
    implements VidurLengths {
  /** Vidur keeps a division by zero away with it. */
  private static final double EPSILON = 1e-8;

  public VidurZipfLengths {
    VidurLengths.requireRange(minTokens, maxTokens);
    VidurLengths.requireRatio(prefillToDecodeRatio);
    if (!(theta > 0 && theta < 1)) {
      throw new IllegalArgumentException("theta (%s) must be above 0 and below 1".formatted(theta));
    }
    new NumpyRandom(seed);
  }

  @Override
  public Draws start() {
    NumpyRandom random = new NumpyRandom(seed);
    int items = maxTokens - minTokens + 1;
    double zeta = zeta(items);
    double alpha = 1 / (1 - theta);
    double eta =
        (1 - CorrectlyRounded.pow(2.0 / items, 1 - theta)) / (1 - zeta(2) / (zeta + EPSILON));
    double second = 1 + CorrectlyRounded.pow(0.5, theta);
    return python -> {
      double u = random.nextDouble();
      double scaled = u * zeta;
      if (scaled < 1) {
        return split(minTokens);
      }
      return split(
          scaled < second
              ? minTokens + 1
              : minTokens + (int) (items * CorrectlyRounded.pow(eta * u - eta + 1, alpha)));
    };
  }

  private double zeta(int items) {
    double sum = 0;
    for (int i = 1; i < items; i++) {
      sum += 1 / CorrectlyRounded.pow(i, theta);
    }
    return sum;
  }

  private TokenLengths.Pair split(int total) {
    double decode = total / (1 + prefillToDecodeRatio);
    return new TokenLengths.Pair((int) (total - decode), (int) decode);
  }
}
