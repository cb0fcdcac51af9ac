package io.plumbline.simulator.hardware;

/** Range checks of the hardware records, with one form of message. */
final class Check {
  private Check() {}

  static void positive(String what, Number number) {
    double value = required(what, number);
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must be positive".formatted(what, value));
    }
  }

  static void notNegative(String what, Number number) {
    double value = required(what, number);
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must not be negative".formatted(what, value));
    }
  }

  private static double required(String what, Number number) {
    if (number == null) {
      throw new IllegalArgumentException(what + " is missing");
    }
    return number.doubleValue();
  }
}
