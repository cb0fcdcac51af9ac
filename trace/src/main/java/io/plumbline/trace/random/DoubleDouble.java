package io.plumbline.trace.random;

/**
 * A number as the sum of two doubles, about 106 bits.
 *
 * @param high the sum rounded to a double
 * @param low the rest
 * @see <a href="https://doi.org/10.1007/BF01397083">Dekker: A floating-point technique for
 *     extending the available precision, 1971</a>
 */
record DoubleDouble(double high, double low) {
  static DoubleDouble of(double x) {
    return new DoubleDouble(x, 0);
  }

  /** The exact sum, for a not smaller in size than b or zero. */
  private static DoubleDouble ordered(double a, double b) {
    double sum = a + b;
    return new DoubleDouble(sum, b - (sum - a));
  }

  DoubleDouble plus(double x) {
    double sum = high + x;
    double part = sum - high;
    double rest = (high - (sum - part)) + (x - part);
    return ordered(sum, rest + low);
  }

  DoubleDouble plus(DoubleDouble x) {
    DoubleDouble highs = of(high).plus(x.high);
    DoubleDouble lows = of(low).plus(x.low);
    DoubleDouble sum = ordered(highs.high, highs.low + lows.high);
    return ordered(sum.high, sum.low + lows.low);
  }

  DoubleDouble times(double x) {
    double product = high * x;
    return ordered(product, Math.fma(high, x, -product) + low * x);
  }

  DoubleDouble times(DoubleDouble x) {
    double product = high * x.high;
    double rest = Math.fma(high, x.high, -product);
    return ordered(product, rest + (high * x.low + low * x.high));
  }

  DoubleDouble over(int n) {
    double quotient = high / n;
    return ordered(quotient, (Math.fma(-quotient, n, high) + low) / n);
  }

  /** Times a power of two, which is exact. */
  DoubleDouble scaled(double powerOfTwo) {
    return new DoubleDouble(high * powerOfTwo, low * powerOfTwo);
  }
}
