package io.plumbline.files.vidur;

/** Range checks of Vidur's options, with one form of message. */
final class Check {
  private static final long MAX_NUMPY_SEED = 0xffffffffL;

  private Check() {}

  static void positive(String what, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s (%d) must be positive".formatted(what, value));
    }
  }

  static void positive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must be positive".formatted(what, value));
    }
  }

  static void notNegative(String what, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must not be negative".formatted(what, value));
    }
  }

  static void notNegative(String what, int value) {
    if (value < 0) {
      throw new IllegalArgumentException("%s (%d) must not be negative".formatted(what, value));
    }
  }

  static void fraction(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s (%s) must be at least 0 and below 1".formatted(what, value));
    }
  }

  static void seed(String what, long value) {
    if (value < 0 || value > MAX_NUMPY_SEED) {
      throw new IllegalArgumentException(
          "%s (%d) must be between 0 and 2^32 - 1, NumPy takes no other".formatted(what, value));
    }
  }
}
