package io.plumbline.simulator.learning;

import java.util.Arrays;

/**
 * A regression tree of least squares over one bootstrap sample; the arrays are used again for the
 * next.
 *
 * <p>A node is a rectangle of the grid. What a cut needs to know, rows and sums of targets on each
 * line of the rectangle, are differences of running sums along the lines, made once per tree. So a
 * node costs the length of its two sides, not its rows, and nothing is sorted or moved.
 *
 * @see <a href="https://doi.org/10.1023/A:1010933404324">Breiman: Random forests, 2001</a>
 */
final class RegressionTree {
  /** Cuts whose gains differ by less than rounding are equal. */
  private static final double BETTER = 1 + 0x1p-40;

  private final SampleGrid grid;

  // Per cell or running along the lines of an axis: how often rows were drawn in the upper half,
  // how many different rows in the lower; and the sum of their targets.
  private final long[] cellCount;
  private final long[] cellSum;
  private final long[][] countBefore = new long[2][];
  private final long[][] sumBefore = new long[2][];

  // Nodes in breadth-first order: a tree with a smaller depth is the front of a deeper one.
  private int nodes;
  private final int[] axis;
  private final double[] threshold;
  private final int[] left;
  private final long[] mean;
  private final int[] rows;
  // Needed while the tree grows.
  private final int[] depth;
  private final long[] path;
  private final long[] count;
  private final long[] sum;
  private final int[][] from = new int[2][];
  private final int[][] to = new int[2][];

  // The best cut of the node at hand.
  private double bestGain;
  private double bestDivisor;
  private int bestAxis;
  private int lastLeft;
  private int firstRight;
  private long leftCount;
  private long leftSum;

  RegressionTree(SampleGrid grid) {
    this.grid = grid;
    cellCount = new long[grid.cells()];
    cellSum = new long[grid.cells()];
    int maxNodes = 2 * Math.min(grid.cells(), grid.cell.length);
    for (int a = 0; a < 2; a++) {
      int running = grid.lines[a].length * (grid.lines[1 - a].length + 1);
      countBefore[a] = new long[running];
      sumBefore[a] = new long[running];
      from[a] = new int[maxNodes];
      to[a] = new int[maxNodes];
    }
    axis = new int[maxNodes];
    threshold = new double[maxNodes];
    left = new int[maxNodes];
    mean = new long[maxNodes];
    rows = new int[maxNodes];
    depth = new int[maxNodes];
    path = new long[maxNodes];
    count = new long[maxNodes];
    sum = new long[maxNodes];
  }

  /**
   * Grows the tree.
   *
   * @param draws how often each row is in the sample
   * @param maxDepth a node at this depth is a leaf
   * @param minSamplesSplit a node with fewer different rows is a leaf
   * @param tieSeed of the order in which features are tried, which decides equal cuts
   */
  void grow(int[] draws, int maxDepth, int minSamplesSplit, long tieSeed) {
    sumCells(draws);
    sumAlong(0, grid.lines[1].length, 1);
    sumAlong(1, 1, grid.lines[1].length);
    nodes = 0;
    add(0, 0, total(cellCount), total(cellSum));
    for (int a = 0; a < 2; a++) {
      from[a][0] = 0;
      to[a][0] = grid.lines[a].length;
    }
    for (int node = 0; node < nodes; node++) {
      if (depth[node] < maxDepth && rows[node] >= minSamplesSplit && findCut(node, tieSeed)) {
        split(node);
      }
    }
  }

  private void sumCells(int[] draws) {
    Arrays.fill(cellCount, 0);
    Arrays.fill(cellSum, 0);
    for (int row = 0; row < draws.length; row++) {
      if (draws[row] > 0) {
        cellCount[grid.cell[row]] += ((long) draws[row] << Integer.SIZE) + 1;
        cellSum[grid.cell[row]] += draws[row] * grid.target[row];
      }
    }
  }

  /** Running sums along the lines of an axis, given how far apart lines and their cells are. */
  private void sumAlong(int a, int lineStride, int cellStride) {
    int next = 0;
    for (int line = 0; line < grid.lines[a].length; line++) {
      long runningCount = 0;
      long runningSum = 0;
      int cell = line * lineStride;
      for (int cross = 0; cross < grid.lines[1 - a].length; cross++, cell += cellStride) {
        countBefore[a][next] = runningCount;
        sumBefore[a][next] = runningSum;
        next++;
        runningCount += cellCount[cell];
        runningSum += cellSum[cell];
      }
      countBefore[a][next] = runningCount;
      sumBefore[a][next] = runningSum;
      next++;
    }
  }

  private static long total(long[] values) {
    long total = 0;
    for (long value : values) {
      total += value;
    }
    return total;
  }

  private void add(int nodeDepth, long nodePath, long nodeCount, long nodeSum) {
    int node = nodes++;
    left[node] = 0;
    depth[node] = nodeDepth;
    path[node] = nodePath;
    count[node] = nodeCount;
    sum[node] = nodeSum;
    rows[node] = (int) nodeCount;
    mean[node] = nodeSum / (nodeCount >>> Integer.SIZE);
  }

  /** Looks for the best cut of a node; false if there is none or nothing to gain. */
  private boolean findCut(int node, long tieSeed) {
    bestGain = -1;
    bestDivisor = 1;
    int first = (int) SplitMix.at(tieSeed, path[node]) & 1;
    tryCuts(node, first);
    tryCuts(node, 1 - first);
    return bestGain > 0 || (bestGain == 0 && !isPure(node));
  }

  private void tryCuts(int node, int a) {
    int stride = grid.lines[1 - a].length + 1;
    int crossFrom = from[1 - a][node];
    int crossTo = to[1 - a][node];
    long[] counts = countBefore[a];
    long[] sums = sumBefore[a];
    long draws = count[node] >>> Integer.SIZE;
    long center = mean[node];
    double residual = (sum[node] - center * draws) / (double) draws;
    long runningCount = 0;
    long runningSum = 0;
    int last = -1;
    for (int line = from[a][node]; line < to[a][node]; line++) {
      int start = line * stride;
      long lineCount = counts[start + crossTo] - counts[start + crossFrom];
      if (lineCount == 0) {
        continue;
      }
      if (last >= 0) {
        // The squared error falls by draws * deviation^2 / (drawsLeft * drawsRight).
        long drawsLeft = runningCount >>> Integer.SIZE;
        double deviation = (runningSum - center * drawsLeft) - residual * drawsLeft;
        double gain = deviation * deviation;
        double divisor = (double) drawsLeft * (draws - drawsLeft);
        if (gain * bestDivisor > bestGain * divisor * BETTER) {
          bestGain = gain;
          bestDivisor = divisor;
          bestAxis = a;
          lastLeft = last;
          firstRight = line;
          leftCount = runningCount;
          leftSum = runningSum;
        }
      }
      runningCount += lineCount;
      runningSum += sums[start + crossTo] - sums[start + crossFrom];
      last = line;
    }
  }

  private boolean isPure(int node) {
    for (int line = from[0][node]; line < to[0][node]; line++) {
      for (int cross = from[1][node]; cross < to[1][node]; cross++) {
        int cell = line * grid.lines[1].length + cross;
        if (cellSum[cell] != mean[node] * (cellCount[cell] >>> Integer.SIZE)) {
          return false;
        }
      }
    }
    return true;
  }

  private void split(int node) {
    int a = bestAxis;
    axis[node] = a;
    threshold[node] = midpoint(grid.lines[a][lastLeft], grid.lines[a][firstRight]);
    left[node] = nodes;
    for (int side = 0; side < 2; side++) {
      from[1 - a][nodes + side] = from[1 - a][node];
      to[1 - a][nodes + side] = to[1 - a][node];
    }
    from[a][nodes] = from[a][node];
    to[a][nodes] = lastLeft + 1;
    from[a][nodes + 1] = firstRight;
    to[a][nodes + 1] = to[a][node];
    add(depth[node] + 1, 2 * path[node] + 1, leftCount, leftSum);
    add(depth[node] + 1, 2 * path[node] + 2, count[node] - leftCount, sum[node] - leftSum);
  }

  /** Halfway between two values, below the greater even if they are neighbours. */
  private static double midpoint(double low, double high) {
    double middle = low / 2 + high / 2;
    return middle < high ? middle : low;
  }

  int nodes() {
    return nodes;
  }

  boolean isLeaf(int node) {
    return left[node] == 0;
  }

  /** Axis that an inner node cuts. */
  int axis(int node) {
    return axis[node];
  }

  /** Points of an inner node up to here go left. */
  double threshold(int node) {
    return threshold[node];
  }

  /** Left child of an inner node; the right one follows it. */
  int left(int node) {
    return left[node];
  }

  /** Mean target of a node, in units. */
  long mean(int node) {
    return mean[node];
  }

  /** Different rows of the sample in a node. */
  int rows(int node) {
    return rows[node];
  }

  /** The child of an inner node that a point belongs to. */
  int child(int node, double x, double y) {
    return (axis[node] == 0 ? x : y) <= threshold[node] ? left[node] : left[node] + 1;
  }
}
