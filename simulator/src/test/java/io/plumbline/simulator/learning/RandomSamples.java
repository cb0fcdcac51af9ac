package io.plumbline.simulator.learning;

import java.util.SplittableRandom;

/** Made-up measurements of two sizes, some of them repeated, on part of a grid. */
final class RandomSamples {
  private RandomSamples() {}

  /** Sizes 1 to {@code xs} and 1 to {@code ys}; times rise with both and scatter. */
  static Samples of(SplittableRandom random, int rows, int xs, int ys) {
    double[][] features = new double[2][rows];
    double[] targets = new double[rows];
    for (int row = 0; row < rows; row++) {
      features[0][row] = 1 + random.nextInt(xs);
      features[1][row] = 1 + random.nextInt(ys);
      targets[row] =
          0.1 + features[0][row] * (0.3 + 0.05 * features[1][row]) + 0.2 * random.nextDouble();
    }
    return new Samples(features, targets);
  }
}
