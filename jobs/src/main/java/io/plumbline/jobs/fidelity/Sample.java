package io.plumbline.jobs.fidelity;

import java.util.Arrays;

/**
 * The values of one side of a comparison in ascending order, each with how often it is there and
 * the unit that it belongs to: a request, or a group of requests, of one repeat. A bootstrap draws
 * units, so every statistic takes a weight per unit.
 */
final class Sample {
  private final double[] values;
  private final int[] units;
  private final int[] counts;

  /** Values of each unit. */
  private final long[] unitTotals;

  /**
   * A sample.
   *
   * @param values ascending
   * @param units of each value, from 0
   * @param counts of each value, at least 1
   */
  Sample(double[] values, int[] units, int[] counts) {
    if (values.length == 0 || values.length != units.length || values.length != counts.length) {
      throw new IllegalArgumentException(
          "a sample needs values (%d), units (%d) and counts (%d), as many of each"
              .formatted(values.length, units.length, counts.length));
    }
    this.values = values;
    this.units = units;
    this.counts = counts;
    this.unitTotals = new long[Arrays.stream(units).max().orElseThrow() + 1];
    for (int i = 0; i < units.length; i++) {
      unitTotals[units[i]] += counts[i];
    }
  }

  int size() {
    return values.length;
  }

  double value(int i) {
    return values[i];
  }

  int unit(int i) {
    return units[i];
  }

  int count(int i) {
    return counts[i];
  }

  /** Values that were drawn; 0 if a draw left none. */
  long total(int[] weights) {
    long total = 0;
    for (int unit = 0; unit < unitTotals.length; unit++) {
      total += weights[unit] * unitTotals[unit];
    }
    return total;
  }

  /**
   * The same of many draws.
   *
   * @param weights by unit and draw
   */
  double[] totals(double[][] weights, int draws) {
    double[] totals = new double[draws];
    for (int unit = 0; unit < unitTotals.length; unit++) {
      for (int d = 0; d < draws; d++) {
        totals[d] += weights[unit][d] * unitTotals[unit];
      }
    }
    return totals;
  }

  /**
   * The mean, then percentiles as {@link io.plumbline.jobs.error.ErrorMetrics#percentile} defines
   * them, over values of which each counts as often as its unit was drawn.
   *
   * @param fractions from 0 to 1, ascending
   * @return NaN everywhere if nothing was drawn
   */
  double[] statistics(double[] fractions, int[] weights) {
    double[] results = new double[fractions.length + 1];
    long total = total(weights);
    if (total == 0) {
      Arrays.fill(results, Double.NaN);
      return results;
    }
    double[] below = new double[fractions.length];
    double sum = 0;
    long seen = 0;
    int nextBelow = 0;
    int next = 0;
    for (int i = 0; i < values.length; i++) {
      long here = (long) weights[units[i]] * counts[i];
      if (here == 0) {
        continue;
      }
      double value = values[i];
      sum += value * here;
      seen += here;
      while (nextBelow < below.length && Math.floor(fractions[nextBelow] * (total - 1)) < seen) {
        below[nextBelow++] = value;
      }
      while (next < below.length && Math.ceil(fractions[next] * (total - 1)) < seen) {
        results[next + 1] = between(below[next], value, fractions[next] * (total - 1));
        next++;
      }
    }
    results[0] = sum / total;
    return results;
  }

  /** The same expression as ErrorMetrics, so that both give the same bits. */
  static double between(double below, double above, double rank) {
    double floor = Math.floor(rank);
    double ceil = Math.ceil(rank);
    return floor == ceil || below == above ? below : (ceil - rank) * below + (rank - floor) * above;
  }
}
