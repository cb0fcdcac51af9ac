package io.plumbline.jobs.fidelity;

import java.util.Arrays;

/**
 * Mean and percentiles of all draws of a tile in one pass over a sample: what {@link
 * Sample#statistics} gives for each draw. Weights are whole numbers, of which doubles hold sums
 * below 2^53 exactly.
 */
final class DrawnStatistics {
  /** Values after which is looked whose percentiles were passed. */
  private static final int BLOCK = 64;

  private final Sample sample;
  private final double[] fractions;
  private final double[][] weights;
  private final double[] totals;
  private final double[] seen;
  private final double[] sums;

  /** Of each draw, what must be seen until its next percentile is known. */
  private final double[] awaited;

  private final int[] belowFound;
  private final int[] found;
  private final double[][] below;
  private final double[][] results;

  private DrawnStatistics(Sample sample, double[] fractions, double[][] weights, double[] totals) {
    int draws = totals.length;
    this.sample = sample;
    this.fractions = fractions;
    this.weights = weights;
    this.totals = totals;
    this.seen = new double[draws];
    this.sums = new double[draws];
    this.awaited = new double[draws];
    this.belowFound = new int[draws];
    this.found = new int[draws];
    this.below = new double[fractions.length][draws];
    this.results = new double[fractions.length + 1][draws];
  }

  /**
   * The mean, then percentiles, each of all draws; NaN in those that left nothing.
   *
   * @param fractions from 0 to 1, ascending
   * @param weights by unit and draw
   * @param totals values of each draw, {@link Sample#totals}
   */
  static double[][] of(Sample sample, double[] fractions, double[][] weights, double[] totals) {
    return new DrawnStatistics(sample, fractions, weights, totals).pass();
  }

  private double[][] pass() {
    for (double[] result : results) {
      Arrays.fill(result, Double.NaN);
    }
    for (int d = 0; d < totals.length; d++) {
      awaited[d] = awaited(d);
    }
    double[] before = new double[seen.length];
    for (int start = 0; start < sample.size(); start += BLOCK) {
      int end = Math.min(start + BLOCK, sample.size());
      System.arraycopy(seen, 0, before, 0, seen.length);
      for (int i = start; i < end; i++) {
        add(seen, sums, weights[sample.unit(i)], sample.count(i), sample.value(i));
      }
      for (int d = 0; d < seen.length; d++) {
        if (seen[d] > awaited[d]) {
          find(d, before[d], start, end);
        }
      }
    }
    for (int d = 0; d < totals.length; d++) {
      results[0][d] = sums[d] / totals[d];
    }
    return results;
  }

  private static void add(double[] seen, double[] sums, double[] row, double count, double value) {
    for (int d = 0; d < seen.length; d++) {
      double here = row[d] * count;
      seen[d] += here;
      sums[d] += value * here;
    }
  }

  /** Goes through a block again for one draw that has a percentile in it. */
  private void find(int d, double seenBefore, int start, int end) {
    double here = seenBefore;
    for (int i = start; i < end; i++) {
      double weight = weights[sample.unit(i)][d] * sample.count(i);
      if (weight == 0) {
        continue;
      }
      here += weight;
      double value = sample.value(i);
      while (belowFound[d] < fractions.length && Math.floor(rank(belowFound[d], d)) < here) {
        below[belowFound[d]++][d] = value;
      }
      while (found[d] < fractions.length && Math.ceil(rank(found[d], d)) < here) {
        int next = found[d]++;
        results[next + 1][d] = Sample.between(below[next][d], value, rank(next, d));
      }
    }
    awaited[d] = awaited(d);
  }

  private double rank(int percentile, int d) {
    return fractions[percentile] * (totals[d] - 1);
  }

  private double awaited(int d) {
    if (found[d] == fractions.length || totals[d] == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double above = Math.ceil(rank(found[d], d));
    return belowFound[d] == fractions.length
        ? above
        : Math.min(above, Math.floor(rank(belowFound[d], d)));
  }
}
