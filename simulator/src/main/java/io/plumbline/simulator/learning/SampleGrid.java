package io.plumbline.simulator.learning;

import java.util.Arrays;

/**
 * Samples on the grid of their distinct feature values. A single feature gets a second axis with
 * one line.
 *
 * <p>Targets are integers: multiples of a power of two above the smallest target, so fine that the
 * sums just fit a double. Sums of integers are exact in any order and so are their differences: no
 * cancellation, one answer, and a constant target is predicted exactly.
 */
final class SampleGrid {
  private static final int MAX_CELLS = 1 << 20;
  private static final int SUM_BITS = 53;

  /** Distinct values of each axis, ascending. */
  final double[][] lines;

  /**
   * Cell of each row: line of the first axis times lines of the second, plus line of the second.
   */
  final int[] cell;

  /** Target of each row in units above the smallest. */
  final long[] target;

  private final double smallest;
  private final double unit;

  /**
   * Maps the samples.
   *
   * @param maxTrees most trees whose means are added up
   */
  SampleGrid(Samples samples, int maxTrees) {
    double[][] features = samples.features();
    lines =
        new double[][] {
          sortedDistinct(features[0]),
          features.length == 2 ? sortedDistinct(features[1]) : new double[1]
        };
    requireSmall();
    cell = new int[samples.rows()];
    for (int row = 0; row < cell.length; row++) {
      int line = lineOf(0, features[0][row]);
      int crossLine = features.length == 2 ? lineOf(1, features[1][row]) : 0;
      cell[row] = line * lines[1].length + crossLine;
    }
    double[] ms = samples.targets();
    smallest = Arrays.stream(ms).min().orElseThrow();
    double range = Arrays.stream(ms).max().orElseThrow() - smallest;
    int terms = Math.max(ms.length, maxTrees);
    int termBits = Integer.SIZE - Integer.numberOfLeadingZeros(terms);
    double exact = Math.scalb(1.0, Math.getExponent(range) + 1 + termBits - SUM_BITS);
    unit = Math.max(exact, Double.MIN_VALUE);
    target = new long[ms.length];
    for (int row = 0; row < ms.length; row++) {
      target[row] = Math.round((ms[row] - smallest) / unit);
    }
  }

  private void requireSmall() {
    if ((long) lines[0].length * lines[1].length > MAX_CELLS) {
      throw new IllegalArgumentException(
          "features have %d and %d distinct values; a forest over more than %d combinations would"
                  .formatted(lines[0].length, lines[1].length, MAX_CELLS)
              + " be too big a table. Maybe round the measured sizes to a coarser grid");
    }
  }

  private int lineOf(int axis, double value) {
    return Arrays.binarySearch(lines[axis], value + 0.0);
  }

  int cells() {
    return lines[0].length * lines[1].length;
  }

  /** Time in ms of a sum of targets over a number of trees. */
  double ms(double sum, int trees) {
    return smallest + sum * unit / trees;
  }

  /** Ascending values without repeats; -0 counts as 0. */
  static double[] sortedDistinct(double... values) {
    double[] sorted = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      sorted[i] = values[i] + 0.0;
    }
    Arrays.sort(sorted);
    int distinct = 0;
    for (double value : sorted) {
      if (distinct == 0 || value != sorted[distinct - 1]) {
        sorted[distinct++] = value;
      }
    }
    return Arrays.copyOf(sorted, distinct);
  }
}
