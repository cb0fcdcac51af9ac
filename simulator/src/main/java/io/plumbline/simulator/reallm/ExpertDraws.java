package io.plumbline.simulator.reallm;

import io.plumbline.trace.random.NumpyRandom;
import java.util.Arrays;

/** Which experts a token goes to: NumPy's legacy {@code choice} without replacement, uniform. */
public final class ExpertDraws {
  private final NumpyRandom random;

  /** A stream from a seed, as after {@code numpy.random.seed}. */
  public ExpertDraws(long seed) {
    random = new NumpyRandom(seed);
  }

  /**
   * Draws for one token: {@code choice(experts, activated, replace=False, p=uniform)}.
   *
   * @param drawn takes the experts
   */
  void draw(int experts, int[] drawn) {
    double[] weights = new double[experts];
    Arrays.fill(weights, 1.0 / experts);
    double[] cumulative = new double[experts];
    int found = 0;
    while (found < drawn.length) {
      double[] uniforms = new double[drawn.length - found];
      for (int i = 0; i < uniforms.length; i++) {
        uniforms[i] = random.nextDouble();
      }
      for (int i = 0; i < found; i++) {
        weights[drawn[i]] = 0;
      }
      double sum = 0;
      for (int i = 0; i < experts; i++) {
        sum += weights[i];
        cumulative[i] = sum;
      }
      int before = found;
      for (double uniform : uniforms) {
        int expert = firstAbove(cumulative, uniform, sum);
        if (!contains(drawn, before, found, expert)) {
          drawn[found++] = expert;
        }
      }
    }
  }

  private static int firstAbove(double[] cumulative, double uniform, double sum) {
    int low = 0;
    int high = cumulative.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (uniform < cumulative[middle] / sum) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static boolean contains(int[] drawn, int from, int to, int expert) {
    for (int i = from; i < to; i++) {
      if (drawn[i] == expert) {
        return true;
      }
    }
    return false;
  }
}
