package io.plumbline.simulator.capacity;

/**
 * Tells whether a percentile of values is within a limit without keeping the values: how many are
 * above, the largest that is not, and the smallest that is.
 *
 * <p>Of n sorted values x the percentile p is x[k] + (h - k) * (x[k + 1] - x[k]) with h = (n - 1) p
 * / 100 and k = floor(h). Once n - k values are above the limit x[k] is one of them, and no value
 * that is still to come can change that.
 */
final class LimitCount {
  private final double percentile;
  private final double limit;
  private long values;
  private long above;
  private double largestWithin = Double.NEGATIVE_INFINITY;
  private double smallestAbove = Double.POSITIVE_INFINITY;

  LimitCount(double percentile, double limit) {
    this.percentile = percentile;
    this.limit = limit;
  }

  void add(double value) {
    values++;
    if (value > limit) {
      above++;
      smallestAbove = Math.min(smallestAbove, value);
    } else {
      largestWithin = Math.max(largestWithin, value);
    }
  }

  /** Adds values that never came. */
  void addMissing(long missing) {
    values += missing;
    above += missing;
  }

  long values() {
    return values;
  }

  long above() {
    return above;
  }

  /** How many of so many values must be above the limit for the percentile to be so for certain. */
  static long lostFrom(long values, double percentile) {
    return values - index(values, percentile);
  }

  /** The position below the percentile among sorted values. */
  private static long index(long values, double percentile) {
    return (long) Math.floor(position(values, percentile));
  }

  private static double position(long values, double percentile) {
    return (values - 1) * percentile / 100;
  }

  /** Whether the percentile of all that was added is within the limit; so is that of nothing. */
  boolean isMet() {
    if (values == 0 || above == 0) {
      return true;
    }
    long index = index(values, percentile);
    long within = values - above;
    if (within <= index) {
      return false;
    }
    double fraction = position(values, percentile) - index;
    if (within > index + 1 || fraction == 0) {
      return true;
    }
    return largestWithin + fraction * (smallestAbove - largestWithin) <= limit;
  }
}
