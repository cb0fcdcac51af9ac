package io.plumbline.simulator.capacity;

import java.io.Serializable;

/**
 * Finds the highest rate that passes a test, given that lower rates pass wherever higher ones do:
 * first a rate that passes and one that fails, a factor apart, then halving of the logarithm.
 *
 * @param lowest below this nothing is tried; 1/s
 * @param highest above this nothing is tried; 1/s
 * @param tolerance how far the failing rate may lie above the passing one, as a share of it
 */
public record RateSearch(double lowest, double highest, double tolerance) implements Serializable {
  private static final double MOST_FACTOR = 2;

  public RateSearch {
    if (!(lowest > 0 && highest > lowest)) {
      throw new IllegalArgumentException(
          "lowest (%s) must be above 0 and below highest (%s)".formatted(lowest, highest));
    }
    if (!(tolerance > 0 && tolerance <= 1)) {
      throw new IllegalArgumentException(
          "tolerance (%s) must be above 0 and at most 1".formatted(tolerance));
    }
  }

  /** Whether a rate passes. */
  public interface RateTest {
    boolean passes(double requestsPerSecond);
  }

  /**
   * Between what the highest passing rate lies.
   *
   * @param passing the highest that was seen to pass; NaN if none did
   * @param failing the lowest that was seen to fail; NaN if none did
   */
  public record Bracket(double passing, double failing) {
    public boolean isFound() {
      return !Double.isNaN(passing) && !Double.isNaN(failing);
    }
  }

  /** Searches from a rate of which nothing is known. */
  public Bracket from(double start, RateTest test) {
    return search(start, MOST_FACTOR, test);
  }

  /** Searches from a rate that should be near: the steps begin small and grow. */
  public Bracket near(double start, RateTest test) {
    return search(start, Math.pow(1 + tolerance, 3), test);
  }

  private Bracket search(double start, double firstFactor, RateTest test) {
    double rate = Math.min(highest, Math.max(lowest, start));
    double factor = firstFactor;
    double passing = Double.NaN;
    double failing = Double.NaN;
    while (Double.isNaN(passing) || Double.isNaN(failing)) {
      if (test.passes(rate)) {
        passing = rate;
        if (rate >= highest) {
          break;
        }
        rate = Double.isNaN(failing) ? Math.min(highest, rate * factor) : rate;
      } else {
        failing = rate;
        if (rate <= lowest) {
          break;
        }
        rate = Double.isNaN(passing) ? Math.max(lowest, rate / factor) : rate;
      }
      factor = Math.min(MOST_FACTOR, factor * factor);
    }
    while (failing > passing * (1 + tolerance)) {
      double middle = Math.sqrt(passing * failing);
      if (test.passes(middle)) {
        passing = middle;
      } else {
        failing = middle;
      }
    }
    return new Bracket(passing, failing);
  }
}
