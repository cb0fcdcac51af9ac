package io.plumbline.simulator.learning;

import java.util.Arrays;
import java.util.List;

/**
 * Predictions of the rows of one fold by a growing forest, for every depth and least split at once:
 * on its way from the root to a leaf a row passes the answers of all the smaller trees.
 */
final class HeldOutRows {
  private final Samples samples;
  private final SampleGrid grid;
  private final int from;
  private final int to;
  private final int[] maxDepths;
  private final int[] minSplits;

  /** By row, depth and split; both ascending. */
  private final long[] sums;

  private int trees;

  HeldOutRows(
      Samples samples,
      SampleGrid grid,
      int from,
      int to,
      List<Integer> maxDepths,
      List<Integer> minSplits) {
    this.samples = samples;
    this.grid = grid;
    this.from = from;
    this.to = to;
    this.maxDepths = maxDepths.stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
    this.minSplits = minSplits.stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
    this.sums = new long[(to - from) * this.maxDepths.length * this.minSplits.length];
  }

  /** Adds the tree, planted for the greatest depth and the least split. */
  void add(RegressionTree tree) {
    double[] x = samples.features()[0];
    double[] y = samples.features()[samples.features().length - 1];
    for (int row = from; row < to; row++) {
      add(tree, x[row], y[row], (row - from) * maxDepths.length * minSplits.length);
    }
    trees++;
  }

  /**
   * Walks one row down. Depths from {@code depths} on and splits below {@code splits} are open:
   * their trees go on. The largest split closes first, the smallest depth likewise.
   */
  private void add(RegressionTree tree, double x, double y, int firstSum) {
    int depths = 0;
    int splits = minSplits.length;
    int node = 0;
    for (int depth = 0; ; depth++) {
      long mean = tree.mean(node);
      boolean leaf = tree.isLeaf(node);
      while (splits > 0 && (leaf || tree.rows(node) < minSplits[splits - 1])) {
        splits--;
        for (int d = depths; d < maxDepths.length; d++) {
          sums[firstSum + d * minSplits.length + splits] += mean;
        }
      }
      if (depth == maxDepths[depths]) {
        for (int s = 0; s < splits; s++) {
          sums[firstSum + depths * minSplits.length + s] += mean;
        }
        depths++;
      }
      if (splits == 0 || depths == maxDepths.length) {
        return;
      }
      node = tree.child(node, x, y);
    }
  }

  /** Error of the trees so far, had they been grown to this depth and split. */
  double mape(int maxDepth, int minSplit) {
    int combination =
        Arrays.binarySearch(maxDepths, maxDepth) * minSplits.length
            + Arrays.binarySearch(minSplits, minSplit);
    PercentageError error = new PercentageError();
    for (int row = from; row < to; row++) {
      int sum = (row - from) * maxDepths.length * minSplits.length + combination;
      error.add(samples.targets()[row], grid.ms(sums[sum], trees));
    }
    return error.mean();
  }
}
