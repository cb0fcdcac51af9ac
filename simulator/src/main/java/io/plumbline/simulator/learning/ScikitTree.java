package io.plumbline.simulator.learning;

import io.plumbline.trace.random.NumpyRandom;

/**
 * A regression tree of least squares as scikit-learn 1.2 grows it, equal to the last bit: rows are
 * sorted anew in every node, sums are added in the order of the rows, and rounding decides between
 * cuts that are equally good.
 *
 * <p>Much slower than {@link RegressionTree}. Over a single feature a node is cut when it is first
 * asked for; over two the order of cuts matters, because it is that of the random numbers.
 *
 * @see <a href="https://scikit-learn.org/1.2/modules/tree.html">Decision trees in scikit-learn</a>
 */
final class ScikitTree implements Tree {
  /** Nodes whose variance is not above this are pure. */
  private static final double PURE = Math.ulp(1.0);

  /** Sizes that differ by no more are equal. */
  private static final float SAME = 1e-7f;

  /** In place of a left child. */
  private static final int UNKNOWN = -1;

  private static final int NONE = 0;

  private final float[][] sizes;
  private final double[] targets;

  /** Rows of the sample; those of a node are side by side. */
  private final int[] rows;

  /** Sizes of the rows of the node at hand, by the axis that is tried. */
  private final float[] values;

  private final RowSort sort;
  private int[] draws;
  private double allDraws;
  private int maxDepth;
  private int minSamplesSplit;
  private int randomState;

  // Axes in the order in which they are drawn from; those known to be constant stand first.
  private final int[] axes;
  private final int[] constantAxes;

  private int nodes;
  private final int[] axis;
  private final double[] threshold;
  private final int[] left;
  private final double[] answer;
  // Needed while the tree grows.
  private final int[] from;
  private final int[] to;
  private final int[] depth;
  private final int[] constants;
  private final double[] impurity;

  // The node at hand, and what is left of the cut at hand.
  private int start;
  private int end;
  private double weight;
  private double sum;
  private double squares;
  private int cut;
  private double leftWeight;
  private double leftSum;

  // The best cut.
  private int bestCut;
  private int bestAxis;
  private double bestThreshold;
  private int knownConstants;

  ScikitTree(Samples samples) {
    int features = samples.features().length;
    sizes = new float[features][samples.rows()];
    for (int f = 0; f < features; f++) {
      for (int row = 0; row < samples.rows(); row++) {
        sizes[f][row] = (float) samples.features()[f][row];
      }
    }
    targets = samples.targets();
    rows = new int[samples.rows()];
    values = new float[samples.rows()];
    sort = new RowSort(values, rows);
    axes = new int[features];
    constantAxes = new int[features];
    int maxNodes = 2 * rows.length;
    axis = new int[maxNodes];
    threshold = new double[maxNodes];
    left = new int[maxNodes];
    answer = new double[maxNodes];
    from = new int[maxNodes];
    to = new int[maxNodes];
    depth = new int[maxNodes];
    constants = new int[maxNodes];
    impurity = new double[maxNodes];
  }

  @Override
  public void plant(int[] drawn, int depthLimit, int splitLimit, int seed) {
    draws = drawn;
    maxDepth = depthLimit;
    minSamplesSplit = splitLimit;
    // The generator of the tree begins anew; over one feature there is nothing to choose.
    randomState = axes.length == 1 ? 0 : new NumpyRandom(seed).nextInt(Integer.MAX_VALUE);
    for (int f = 0; f < axes.length; f++) {
      axes[f] = f;
    }
    int different = 0;
    allDraws = 0;
    for (int row = 0; row < draws.length; row++) {
      if (draws[row] > 0) {
        rows[different++] = row;
        allDraws += draws[row];
      }
    }
    nodes = 0;
    add(0, different, 0, 0, Double.NaN);
    if (axes.length > 1) {
      growBelow(0);
    }
  }

  private int add(int rowsFrom, int rowsTo, int nodeDepth, int constantsKnown, double variance) {
    int node = nodes++;
    left[node] = UNKNOWN;
    from[node] = rowsFrom;
    to[node] = rowsTo;
    depth[node] = nodeDepth;
    constants[node] = constantsKnown;
    impurity[node] = variance;
    return node;
  }

  /** Left before right, each with all that is below it. */
  private void growBelow(int node) {
    if (!isLeaf(node)) {
      growBelow(left[node]);
      growBelow(left[node] + 1);
    }
  }

  private void growAt(int node) {
    if (left[node] != UNKNOWN) {
      return;
    }
    left[node] = NONE;
    start = from[node];
    end = to[node];
    sumRows();
    answer[node] = sum / weight;
    if (node == 0) {
      impurity[0] = squares / weight - answer[0] * answer[0];
    }
    if (depth[node] < maxDepth
        && end - start >= minSamplesSplit
        && impurity[node] > PURE
        && findCut(node)) {
      split(node);
    }
  }

  private void sumRows() {
    weight = 0;
    sum = 0;
    squares = 0;
    for (int p = start; p < end; p++) {
      double target = targets[rows[p]];
      double weighted = draws[rows[p]] * target;
      sum += weighted;
      squares += weighted * target;
      weight += draws[rows[p]];
    }
  }

  /** Tries the axes in random order, as they are drawn without those known to be constant. */
  private boolean findCut(int node) {
    bestCut = end;
    double best = Double.NEGATIVE_INFINITY;
    int known = constants[node];
    int drawnKnown = 0;
    int found = 0;
    int last = axes.length;
    for (int visited = 0; last > known + found && visited < axes.length; visited++) {
      int at = drawnKnown + random(last - found - drawnKnown);
      if (at < known) {
        swapAxes(drawnKnown++, at);
        continue;
      }
      at += found;
      int a = axes[at];
      sortBy(a);
      if (values[end - 1] <= values[start] + SAME) {
        swapAxes(at, known + found++);
        continue;
      }
      swapAxes(--last, at);
      best = tryCuts(a, best);
    }
    System.arraycopy(constantAxes, 0, axes, 0, known);
    System.arraycopy(axes, known, constantAxes, known, found);
    knownConstants = known + found;
    return bestCut < end;
  }

  /** Marsaglia's xorshift of 32 bits, without the sign. */
  private int random(int bound) {
    if (randomState == 0) {
      randomState = 1;
    }
    randomState ^= randomState << 13;
    randomState ^= randomState >>> 17;
    randomState ^= randomState << 5;
    return (randomState & Integer.MAX_VALUE) % bound;
  }

  private void swapAxes(int a, int b) {
    int swapped = axes[a];
    axes[a] = axes[b];
    axes[b] = swapped;
  }

  private void sortBy(int a) {
    for (int p = start; p < end; p++) {
      values[p] = sizes[a][rows[p]];
    }
    sort.sort(start, end);
  }

  private double tryCuts(int a, double toBeat) {
    double best = toBeat;
    cutAtStart();
    for (int p = start + 1; p < end; p++) {
      if (values[p] > values[p - 1] + SAME) {
        moveCut(p);
        double rightSum = sum - leftSum;
        double gain = leftSum * leftSum / leftWeight + rightSum * rightSum / (weight - leftWeight);
        if (gain > best) {
          best = gain;
          bestCut = p;
          bestAxis = a;
          bestThreshold = midpoint(values[p - 1], values[p]);
        }
      }
    }
    return best;
  }

  private void cutAtStart() {
    cut = start;
    leftWeight = 0;
    leftSum = 0;
  }

  /** Adds the rows that come to the left, or takes off the others from all, whichever are fewer. */
  private void moveCut(int to) {
    if (to - cut <= end - to) {
      for (int p = cut; p < to; p++) {
        leftSum += draws[rows[p]] * targets[rows[p]];
        leftWeight += draws[rows[p]];
      }
    } else {
      leftSum = sum;
      leftWeight = weight;
      for (int p = end - 1; p >= to; p--) {
        leftSum -= draws[rows[p]] * targets[rows[p]];
        leftWeight -= draws[rows[p]];
      }
    }
    cut = to;
  }

  private static double midpoint(float low, float high) {
    double middle = low / 2.0 + high / 2.0;
    return middle == high ? low : middle;
  }

  /** Parts the rows; gives up if rounding says that the variance has grown. */
  private void split(int node) {
    part();
    cutAtStart();
    moveCut(bestCut);
    double leftSquares = 0;
    for (int p = start; p < bestCut; p++) {
      double target = targets[rows[p]];
      leftSquares += draws[rows[p]] * target * target;
    }
    double rightWeight = weight - leftWeight;
    double leftImpurity = variance(leftSquares, leftSum, leftWeight);
    double rightImpurity = variance(squares - leftSquares, sum - leftSum, rightWeight);
    double improvement =
        weight
            / allDraws
            * (impurity[node]
                - rightWeight / weight * rightImpurity
                - leftWeight / weight * leftImpurity);
    if (improvement + PURE < 0) {
      return;
    }
    axis[node] = bestAxis;
    threshold[node] = bestThreshold;
    left[node] = add(start, bestCut, depth[node] + 1, knownConstants, leftImpurity);
    add(bestCut, end, depth[node] + 1, knownConstants, rightImpurity);
  }

  private void part() {
    int p = start;
    int right = end;
    while (p < right) {
      if (sizes[bestAxis][rows[p]] <= bestThreshold) {
        p++;
      } else {
        int row = rows[--right];
        rows[right] = rows[p];
        rows[p] = row;
      }
    }
  }

  private static double variance(double squares, double sum, double weight) {
    double mean = sum / weight;
    return squares / weight - mean * mean;
  }

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

  /** The mean target, in ms. */
  @Override
  public double answer(int node) {
    growAt(node);
    return answer[node];
  }

  @Override
  public double ms(double answers, int trees) {
    return answers / trees;
  }
}
