package io.plumbline.jobs.fidelity;

/**
 * Distances between two distributions, in one pass over the values of both in common order.
 *
 * <p>Wasserstein-1 is the area between the two empirical distribution functions, in the unit of the
 * values; Kolmogorov-Smirnov is the largest gap between them, from 0 to 1.
 */
final class Distances {
  private final double[] values;
  private final int[] units;

  /** Negative for the simulated side. */
  private final int[] signedCounts;

  Distances(Sample reference, Sample simulated) {
    int size = reference.size() + simulated.size();
    values = new double[size];
    units = new int[size];
    signedCounts = new int[size];
    int r = 0;
    int s = 0;
    for (int i = 0; i < size; i++) {
      boolean takeReference =
          s == simulated.size()
              || (r < reference.size() && reference.value(r) <= simulated.value(s));
      Sample side = takeReference ? reference : simulated;
      int from = takeReference ? r++ : s++;
      values[i] = side.value(from);
      units[i] = side.unit(from);
      signedCounts[i] = takeReference ? side.count(from) : -side.count(from);
    }
  }

  /** Both distances of one draw; NaN if a side has no values in it. */
  record Pair(double wasserstein1, double kolmogorovSmirnov) {}

  Pair of(Resampling.Draw draw, long referenceTotal, long simulatedTotal) {
    if (referenceTotal == 0 || simulatedTotal == 0) {
      return new Pair(Double.NaN, Double.NaN);
    }
    int[] referenceWeights = draw.reference();
    int[] simulatedWeights = draw.simulated();
    double area = 0;
    double largest = 0;
    long reference = 0;
    long simulated = 0;
    for (int i = 0; i < values.length; ) {
      double value = values[i];
      do {
        int count = signedCounts[i];
        if (count > 0) {
          reference += (long) referenceWeights[units[i]] * count;
        } else {
          simulated -= (long) simulatedWeights[units[i]] * count;
        }
        i++;
      } while (i < values.length && values[i] == value);
      double gap =
          Math.abs((double) reference / referenceTotal - (double) simulated / simulatedTotal);
      largest = Math.max(largest, gap);
      if (i < values.length) {
        area += gap * (values[i] - value);
      }
    }
    return new Pair(area, largest);
  }

  /**
   * Both distances of all draws of a tile.
   *
   * @param referenceTotals {@link Sample#totals} of the measured side
   * @param simulatedTotals likewise of the simulated side
   * @return Wasserstein-1 and Kolmogorov-Smirnov of each draw; NaN if a side has no values in it
   */
  double[][] of(DrawTile tile, double[] referenceTotals, double[] simulatedTotals) {
    double[] areas = new double[tile.draws()];
    double[] largest = new double[tile.draws()];
    double[] reference = new double[tile.draws()];
    double[] simulated = new double[tile.draws()];
    for (int i = 0; i < values.length; ) {
      double value = values[i];
      do {
        int count = signedCounts[i];
        if (count > 0) {
          add(reference, tile.reference()[units[i]], count);
        } else {
          add(simulated, tile.simulated()[units[i]], -count);
        }
        i++;
      } while (i < values.length && values[i] == value);
      double width = i < values.length ? values[i] - value : 0;
      widen(areas, largest, reference, simulated, referenceTotals, simulatedTotals, width);
    }
    for (int d = 0; d < areas.length; d++) {
      double scale = referenceTotals[d] * simulatedTotals[d];
      areas[d] /= scale;
      largest[d] /= scale;
    }
    return new double[][] {areas, largest};
  }

  private static void add(double[] seen, double[] row, double count) {
    for (int d = 0; d < seen.length; d++) {
      seen[d] += row[d] * count;
    }
  }

  /** Gaps are times both totals until the end: no division at every value. */
  private static void widen(
      double[] areas,
      double[] largest,
      double[] reference,
      double[] simulated,
      double[] referenceTotals,
      double[] simulatedTotals,
      double width) {
    for (int d = 0; d < areas.length; d++) {
      double gap = Math.abs(reference[d] * simulatedTotals[d] - simulated[d] * referenceTotals[d]);
      areas[d] += gap * width;
      largest[d] = Math.max(largest[d], gap);
    }
  }
}
