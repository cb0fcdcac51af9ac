package io.plumbline.jobs.conformance;

import java.util.Locale;
import java.util.function.Supplier;

/** How far one quantity is from its recorded values, over all the places that have it. */
final class Deviation {
  private final String quantity;
  private final double tolerance;
  private long compared;
  private long different;
  private double largestAbsolute;
  private double largestRelative;
  private String first;

  /**
   * @param tolerance largest relative difference that still counts as equal; 0 for the same bits
   */
  Deviation(String quantity, double tolerance) {
    this.quantity = quantity;
    this.tolerance = tolerance;
  }

  /**
   * Compares one value; NaN stands for a value that does not exist and equals only itself.
   *
   * @param place where it is, asked only for the first difference
   */
  void compare(double recorded, double ours, Supplier<String> place) {
    compared++;
    if (recorded == ours || (Double.isNaN(recorded) && Double.isNaN(ours))) {
      return;
    }
    double absolute = Math.abs(ours - recorded);
    double relative = absolute / Math.abs(recorded);
    if (Double.isNaN(absolute)) {
      absolute = Double.POSITIVE_INFINITY;
      relative = Double.POSITIVE_INFINITY;
    }
    largestAbsolute = Math.max(largestAbsolute, absolute);
    largestRelative = Math.max(largestRelative, relative);
    if (!(relative <= tolerance)) {
      differ(place.get(), number(recorded), number(ours));
    }
  }

  /** Counts something that has no distance, such as an event that only one side has. */
  void differ(String place, String recorded, String ours) {
    different++;
    if (first == null) {
      first = "%s, %s: recorded %s, ours %s".formatted(quantity, place, recorded, ours);
    }
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "none";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }

  String quantity() {
    return quantity;
  }

  long compared() {
    return compared;
  }

  long different() {
    return different;
  }

  double largestAbsolute() {
    return largestAbsolute;
  }

  double largestRelative() {
    return largestRelative;
  }

  /** Whether all is equal to the last bit. */
  boolean isEqual() {
    return different == 0 && largestAbsolute == 0;
  }

  /** The first place that differs by more than the tolerance; null if none does. */
  String first() {
    return first;
  }
}
