package io.plumbline.trace.random;

/**
 * Logarithm and power to the nearest double, the same on every platform. {@link StrictMath} is as
 * portable, but off by one unit in the last place for 7 to 10 % of arguments, and {@link Math} is
 * not portable. C libraries, which CPython and NumPy call, round correctly in all but about one of
 * some thousand arguments.
 */
public final class CorrectlyRounded {
  private static final DoubleDouble LN2 =
      new DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);

  /** Below this distance from 1 the series of the logarithm is used as it is. */
  private static final double NEAR_ONE = 0x1p-20;

  /** The exponential is halved so often, so that few terms of its series do. */
  private static final int HALVINGS = 6;

  private static final int EXP_TERMS = 13;
  private static final double SQRT_HALF = 0.7071067811865476;

  private CorrectlyRounded() {}

  /** The natural logarithm; as {@link StrictMath#log} where x is no positive normal number. */
  public static double log(double x) {
    return isPositiveNormal(x) && x != 1 ? logarithm(x).high() : StrictMath.log(x);
  }

  /** x to the power y; as {@link StrictMath#pow} where x is no positive normal number. */
  public static double pow(double x, double y) {
    if (!isPositiveNormal(x) || x == 1 || y == 0 || !Double.isFinite(y)) {
      return StrictMath.pow(x, y);
    }
    DoubleDouble exponent = logarithm(x).times(y);
    if (Math.abs(exponent.high()) > 708) {
      // Near or beyond the range of a double.
      return StrictMath.pow(x, y);
    }
    return exponential(exponent);
  }

  private static boolean isPositiveNormal(double x) {
    return x >= Double.MIN_NORMAL && x < Double.POSITIVE_INFINITY;
  }

  private static DoubleDouble logarithm(double x) {
    if (Math.abs(x - 1) < NEAR_ONE) {
      return logarithmNearOne(x - 1);
    }
    int exponent = Math.getExponent(x);
    double mantissa = Math.scalb(x, -exponent);
    if (mantissa > 2 * SQRT_HALF) {
      mantissa /= 2;
      exponent++;
    }
    // One step of Newton's method: log m = y + log(m exp(-y)), of which m exp(-y) is almost 1.
    double y = StrictMath.log(mantissa);
    DoubleDouble rest = smallExponential(DoubleDouble.of(-y)).times(mantissa).plus(-1);
    DoubleDouble correction = rest.plus(-0.5 * rest.high() * rest.high());
    return LN2.times(exponent).plus(y).plus(correction);
  }

  /** log(1 + d) = d - d²/2 + d³/3 - …, by Horner's rule. */
  private static DoubleDouble logarithmNearOne(double d) {
    DoubleDouble sum = DoubleDouble.of(0);
    for (int n = 6; n >= 1; n--) {
      sum = DoubleDouble.of(1).over(n).plus(sum.times(-d));
    }
    return sum.times(d);
  }

  private static double exponential(DoubleDouble x) {
    double powerOfTwo = Math.rint(x.high() / LN2.high());
    DoubleDouble small = smallExponential(x.plus(LN2.times(-powerOfTwo)));
    return Math.scalb(small.high(), (int) powerOfTwo);
  }

  /** For arguments of at most 0.4 in size. */
  private static DoubleDouble smallExponential(DoubleDouble x) {
    DoubleDouble reduced = x.scaled(1.0 / (1 << HALVINGS));
    DoubleDouble sum = DoubleDouble.of(1);
    for (int n = EXP_TERMS; n >= 1; n--) {
      sum = reduced.times(sum).over(n).plus(1);
    }
    for (int i = 0; i < HALVINGS; i++) {
      sum = sum.times(sum);
    }
    return sum;
  }
}
