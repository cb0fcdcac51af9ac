package io.plumbline.simulator.learning;

import java.util.Arrays;

/**
 * A regression tree on the grid of distinct sizes.
 *
 * <p>A node is a rectangle of the grid. What a cut needs to know, rows and sums of targets on each
 * line of the rectangle, are differences of running sums along the lines, made once per tree. So a
 * node costs the length of its two sides, not its rows, and nothing is sorted or moved.
 *
 * <p>A node is cut when it is first asked for. The rows that a fold holds out lie side by side and
 * meet few of the nodes, which is most of what makes the search cheap.
 *
 * @see <a href="https://doi.org/10.1023/A:1010933404324">Breiman: Random forests, 2001</a>
 */
final class RegressionTree implements Tree {
  /** Cuts whose gains differ by less than rounding are equal. */
  private static final double BETTER = 1 + 0x1p-40;

  /** In place of a left child. */
  private static final int UNKNOWN = -1;

  private static final int NONE = 0;

  private final SampleGrid grid;

  // Per cell or running along the lines of an axis: how often rows were drawn in the upper half,
  // how many different rows in the lower; and the sum of their targets.
  private final long[] cellCount;
  private final long[] cellSum;
  private final long[][] countBefore = new long[2][];
  private final long[][] sumBefore = new long[2][];

  // Nodes, children after their parents.
  private int nodes;
  private final int[] axis;
  private final double[] threshold;
  private final int[] left;
  private final long[] mean;
  private final int[] rows;
  // Needed while the tree grows.
  private int maxDepth;
  private int minSamplesSplit;
  private int tieSeed;
  private final int[] depth;
  private final long[] count;
  private final long[] sum;
  private final int[][] from = new int[2][];
  private final int[][] to = new int[2][];

  // The best cut of the node at hand.
  private double bestGain;
  private double bestDivisor;
  private int bestAxis;
  private int bestLine;
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
    count = new long[maxNodes];
    sum = new long[maxNodes];
  }

  @Override
  public void plant(int[] draws, int depthLimit, int splitLimit, int seed) {
    maxDepth = depthLimit;
    minSamplesSplit = splitLimit;
    tieSeed = seed;
    sumCells(draws);
    sumAlong(0, grid.lines[1].length, 1);
    sumAlong(1, 1, grid.lines[1].length);
    nodes = 0;
    add(0, total(cellCount), total(cellSum));
    for (int a = 0; a < 2; a++) {
      from[a][0] = 0;
      to[a][0] = grid.lines[a].length;
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

  private void add(int nodeDepth, long nodeCount, long nodeSum) {
    int node = nodes++;
    left[node] = UNKNOWN;
    depth[node] = nodeDepth;
    count[node] = nodeCount;
    sum[node] = nodeSum;
    rows[node] = (int) nodeCount;
    mean[node] = nodeSum / (nodeCount >>> Integer.SIZE);
  }

  private void growAt(int node) {
    if (left[node] == UNKNOWN) {
      left[node] = NONE;
      if (depth[node] < maxDepth && rows[node] >= minSamplesSplit && findCut(node)) {
        split(node);
      }
    }
  }

  /**
   * Looks for the best cut of a node; false if there is none or nothing to gain. Of equal cuts, the
   * first that was tried is taken.
   */
  private boolean findCut(int node) {
    bestGain = -1;
    bestDivisor = 1;
    int first = coin(node);
    tryCuts(node, first);
    tryCuts(node, 1 - first);
    return bestGain > 0 || (bestGain == 0 && !isPure(node));
  }

  /**
   * Axis to try first. Two rows can often be parted on either axis; always taking the same would
   * lean the step between them one way. The coin depends on seed and rectangle alone, so that it
   * falls the same way in smaller trees; its mixing is MurmurHash3's.
   */
  private int coin(int node) {
    int hash = tieSeed;
    for (int a = 0; a < 2; a++) {
      hash = 31 * (31 * hash + from[a][node]) + to[a][node];
    }
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return (hash ^ (hash >>> 16)) & 1;
  }

  /**
   * Tries the cut before every line, also beside lines without rows: such a cut was tried before or
   * leaves a side empty, so it does not win, and to step over it would be hard to predict.
   */
  private void tryCuts(int node, int a) {
    int stride = grid.lines[1 - a].length + 1;
    int lower = from[a][node] * stride + from[1 - a][node];
    int width = to[1 - a][node] - from[1 - a][node];
    int begin = from[a][node];
    int end = to[a][node];
    long[] counts = countBefore[a];
    long[] sums = sumBefore[a];
    long draws = count[node] >>> Integer.SIZE;
    long center = mean[node];
    double residual = (sum[node] - center * draws) / (double) draws;
    long runningCount = counts[lower + width] - counts[lower];
    long runningSum = sums[lower + width] - sums[lower];
    double gainToBeat = bestGain;
    double divisorToBeat = bestDivisor;
    for (int line = begin + 1; line < end; line++) {
      lower += stride;
      // The squared error falls by draws * deviation^2 / (drawsLeft * drawsRight).
      long drawsLeft = runningCount >>> Integer.SIZE;
      double deviation = (runningSum - center * drawsLeft) - residual * drawsLeft;
      double gain = deviation * deviation;
      double divisor = (double) (drawsLeft * (draws - drawsLeft));
      if (gain * divisorToBeat > gainToBeat * divisor && divisor > 0) {
        gainToBeat = gain * BETTER;
        divisorToBeat = divisor;
        bestGain = gainToBeat;
        bestDivisor = divisor;
        bestAxis = a;
        bestLine = line;
        leftCount = runningCount;
        leftSum = runningSum;
      }
      runningCount += counts[lower + width] - counts[lower];
      runningSum += sums[lower + width] - sums[lower];
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
    int lastLeft = bestLine - 1;
    int firstRight = bestLine;
    while (isEmpty(node, a, firstRight)) {
      firstRight++;
    }
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
    add(depth[node] + 1, leftCount, leftSum);
    add(depth[node] + 1, count[node] - leftCount, sum[node] - leftSum);
  }

  private boolean isEmpty(int node, int a, int line) {
    int start = line * (grid.lines[1 - a].length + 1);
    return countBefore[a][start + to[1 - a][node]] == countBefore[a][start + from[1 - a][node]];
  }

  /** Halfway between two values, below the greater even if they are neighbours. */
  private static double midpoint(double low, double high) {
    double middle = low / 2 + high / 2;
    return middle < high ? middle : low;
  }

  /** Cuts all there is to cut. */
  @Override
  public int nodes() {
    for (int node = 0; node < nodes; node++) {
      growAt(node);
    }
    return nodes;
  }

  @Override
  public boolean isLeaf(int node) {
    growAt(node);
    return left[node] == NONE;
  }

  @Override
  public int axis(int node) {
    return axis[node];
  }

  @Override
  public double threshold(int node) {
    return threshold[node];
  }

  @Override
  public int left(int node) {
    return left[node];
  }

  @Override
  public double answer(int node) {
    return mean[node];
  }

  /** Answers are whole numbers, whose sums are exact. */
  @Override
  public double ms(double answers, int trees) {
    return grid.ms(answers, trees);
  }

  /** Mean target of a node, in units. */
  long mean(int node) {
    return mean[node];
  }

  /** Different rows of the sample in a node. */
  int rows(int node) {
    return rows[node];
  }
}
