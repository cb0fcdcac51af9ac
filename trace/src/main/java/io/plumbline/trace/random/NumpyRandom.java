package io.plumbline.trace.random;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The stream of NumPy's legacy {@code RandomState}, which is frozen since NumPy 1.16: the same seed
 * and calls give the same numbers.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/random/legacy.html">Legacy random generation
 *     in the NumPy manual</a>
 */
public final class NumpyRandom implements Serializable {
  private static final long serialVersionUID = 1;
  private static final long MAX_SEED = 0xffffffffL;

  private Mt19937 bits;

  /** The second half of the last polar draw; NaN if it was taken. */
  private double spareGauss;

  /** As {@code RandomState(seed)}. */
  public NumpyRandom(long seed) {
    seed(seed);
  }

  private NumpyRandom(Mt19937 bits, double spareGauss) {
    this.bits = bits;
    this.spareGauss = spareGauss;
  }

  /**
   * {@code seed(seed)}.
   *
   * @throws IllegalArgumentException if the seed is not of 32 bits, as in NumPy
   */
  public void seed(long seed) {
    if (seed < 0 || seed > MAX_SEED) {
      throw new IllegalArgumentException(
          "seed (%d) must be between 0 and 2^32 - 1, NumPy takes no other".formatted(seed));
    }
    bits = Mt19937.ofSeed((int) seed);
    spareGauss = Double.NaN;
  }

  /** {@code random_sample()}, in [0, 1). */
  public double nextDouble() {
    return bits.nextDouble();
  }

  /** {@code standard_normal()} by the polar method, which makes two numbers at a time. */
  public double gauss() {
    if (!Double.isNaN(spareGauss)) {
      double spare = spareGauss;
      spareGauss = Double.NaN;
      return spare;
    }
    double x1;
    double x2;
    double r2;
    do {
      x1 = 2 * nextDouble() - 1;
      x2 = 2 * nextDouble() - 1;
      r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1 || r2 == 0);
    double f = Math.sqrt(-2 * CorrectlyRounded.log(r2) / r2);
    spareGauss = f * x1;
    return f * x2;
  }

  /** {@code standard_exponential()}. */
  public double standardExponential() {
    return -CorrectlyRounded.log(1 - nextDouble());
  }

  /** {@code gamma(shape, scale)}. */
  public double gamma(double shape, double scale) {
    return standardGamma(shape) * scale;
  }

  /**
   * {@code standard_gamma(shape)}.
   *
   * @throws IllegalArgumentException if the shape is not positive
   */
  public double standardGamma(double shape) {
    if (!(shape > 0) || Double.isInfinite(shape)) {
      throw new IllegalArgumentException("shape (%s) must be positive".formatted(shape));
    }
    if (shape == 1) {
      return standardExponential();
    }
    return shape < 1 ? gammaBelowOne(shape) : gammaAboveOne(shape);
  }

  /** Rejection from a power and an exponential tail, after Ahrens and Dieter 1974. */
  private double gammaBelowOne(double shape) {
    while (true) {
      double u = nextDouble();
      double v = standardExponential();
      if (u <= 1 - shape) {
        double x = CorrectlyRounded.pow(u, 1 / shape);
        if (x <= v) {
          return x;
        }
      } else {
        double y = -CorrectlyRounded.log((1 - u) / shape);
        double x = CorrectlyRounded.pow(1 - shape + shape * y, 1 / shape);
        if (x <= v + y) {
          return x;
        }
      }
    }
  }

  /**
   * Rejection from a cubed normal.
   *
   * @see <a href="https://doi.org/10.1145/358407.358414">Marsaglia and Tsang: A simple method for
   *     generating gamma variables, 2000</a>
   */
  private double gammaAboveOne(double shape) {
    double b = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * b);
    while (true) {
      double x;
      double v;
      do {
        x = gauss();
        v = 1 + c * x;
      } while (v <= 0);
      v = v * v * v;
      double u = nextDouble();
      if (u < 1 - 0.0331 * (x * x) * (x * x)
          || CorrectlyRounded.log(u) < 0.5 * x * x + b * (1 - v + CorrectlyRounded.log(v))) {
        return b * v;
      }
    }
  }

  /** {@code permutation(n)}: 0…n-1, shuffled from the end. */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = upTo(i);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** {@code randint(bound)}: a number of 0…bound-1; there is nothing to draw if that is one. */
  public int nextInt(int bound) {
    return bound == 1 ? 0 : upTo(bound - 1);
  }

  /**
   * {@code randint(bound, size=numbers.length)}. Numbers above the bound are written and then
   * written over, because a branch on them could not be predicted.
   */
  public void nextInts(int bound, int[] numbers) {
    int max = bound - 1;
    if (max == 0) {
      Arrays.fill(numbers, 0);
      return;
    }
    int mask = -1 >>> Integer.numberOfLeadingZeros(max);
    int i = 0;
    while (i < numbers.length) {
      int drawn = bits.nextInt32() & mask;
      numbers[i] = drawn;
      i += 1 + ((max - drawn) >> (Integer.SIZE - 1));
    }
  }

  /** A number of 0…max: as many bits as max has, drawn again while they are above it. */
  private int upTo(int max) {
    int mask = -1 >>> Integer.numberOfLeadingZeros(max);
    int drawn;
    do {
      drawn = bits.nextInt32() & mask;
    } while (drawn > max);
    return drawn;
  }

  /** A generator that goes on from here independently of this one. */
  public NumpyRandom copy() {
    return new NumpyRandom(bits.copy(), spareGauss);
  }
}
