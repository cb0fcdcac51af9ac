package io.plumbline.simulator.compass;

/** Ranges of numbers, and integer division that rounds up. */
final class Check {
  private Check() {}

  static void positive(String what, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("%s (%s) must be positive".formatted(what, value));
    }
  }

  static void notNegative(String what, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException("%s (%s) must not be negative".formatted(what, value));
    }
  }

  static long ceilDiv(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  /** How often a bandwidth or rate goes into an amount, in whole cycles. */
  static long cycles(double amount, double perCycle) {
    return (long) Math.ceil(amount / perCycle);
  }

  /** The largest power of two that is not above a positive number. */
  static long powerOfTwoBelow(long value) {
    return Long.highestOneBit(value);
  }
}
