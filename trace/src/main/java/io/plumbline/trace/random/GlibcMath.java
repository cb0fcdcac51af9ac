package io.plumbline.trace.random;

/** Logarithm and power as the C library rounds them, which CPython and NumPy call. */
public final class GlibcMath {
  private GlibcMath() {}

  /** The natural logarithm. */
  public static double log(double x) {
    return StrictMath.log(x);
  }

  /** x to the power y. */
  public static double pow(double x, double y) {
    return StrictMath.pow(x, y);
  }
}
