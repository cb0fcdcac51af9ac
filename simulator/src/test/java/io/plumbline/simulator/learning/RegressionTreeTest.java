package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegressionTreeTest {
  private static final int DEEP = 99;

  /** A tree over a sample, in ms. */
  private record Grown(SampleGrid grid, RegressionTree tree) {
    static Grown on(Samples samples, int[] draws, int maxDepth, int minSamplesSplit) {
      SampleGrid grid = new SampleGrid(samples, 1);
      RegressionTree tree = new RegressionTree(grid);
      tree.plant(draws, maxDepth, minSamplesSplit);
      assertThat(tree.nodes()).isPositive(); // grows it all
      return new Grown(grid, tree);
    }

    static Grown onEachRowOnce(Samples samples, int maxDepth, int minSamplesSplit) {
      int[] draws = new int[samples.rows()];
      Arrays.fill(draws, 1);
      return on(samples, draws, maxDepth, minSamplesSplit);
    }

    double at(double x, double y) {
      int node = 0;
      while (!tree.isLeaf(node)) {
        node = tree.child(node, x, y);
      }
      return grid.ms(tree.mean(node), 1);
    }

    double at(double x) {
      return at(x, 0);
    }
  }

  private static Samples line(double[] x, double... targets) {
    return new Samples(new double[][] {x}, targets);
  }

  @Test
  void aStepIsCutOnceHalfway() {
    double[] x = {1, 2, 3, 4, 5, 6};
    Grown grown = Grown.onEachRowOnce(line(x, 1, 1, 1, 5, 5, 5), DEEP, 2);
    assertThat(grown.tree.nodes()).isEqualTo(3);
    assertThat(grown.tree.threshold(0)).isEqualTo(3.5);
    assertThat(grown.at(-100)).isEqualTo(1);
    assertThat(grown.at(3.5)).isEqualTo(1);
    assertThat(grown.at(Math.nextUp(3.5))).isEqualTo(5);
    assertThat(grown.at(100)).isEqualTo(5);
  }

  @Test
  void theCutThatLeavesTheLeastSquaredErrorIsMade() {
    // Squared error left by the cut after 1: 0 + 104/3; after 2: 0.5 + 2; after 3: 86/3 + 0.
    Grown grown = Grown.onEachRowOnce(line(new double[] {1, 2, 3, 4}, 1, 2, 8, 10), 1, 2);
    assertThat(grown.tree.threshold(0)).isEqualTo(2.5);
    assertThat(grown.at(1)).isEqualTo(1.5);
    assertThat(grown.at(4)).isEqualTo(9);
  }

  @Test
  void aRowDrawnOftenWeighsMore() {
    Samples samples = line(new double[] {1, 2, 3}, 0, 3, 8);
    // Squared error left once each: after 1: 0 + 12.5; after 2: 4.5 + 0.
    assertThat(Grown.onEachRowOnce(samples, 1, 2).tree.threshold(0)).isEqualTo(2.5);
    // Drawn 9, 9 and 1 times: after 1: 0 + 22.5; after 2: 40.5 + 0.
    Grown grown = Grown.on(samples, new int[] {9, 9, 1}, 1, 2);
    assertThat(grown.tree.threshold(0)).isEqualTo(1.5);
    assertThat(grown.at(3)).isEqualTo(3.5);
  }

  @Test
  void rowsThatWereNotDrawnAreNotThere() {
    Samples samples = line(new double[] {1, 2, 3, 7}, 1, 100, 100, 3);
    Grown grown = Grown.on(samples, new int[] {1, 0, 0, 2}, DEEP, 2);
    assertThat(grown.tree.nodes()).isEqualTo(3);
    assertThat(grown.tree.threshold(0)).isEqualTo(4);
    assertThat(grown.at(3)).isEqualTo(1);
    assertThat(grown.at(5)).isEqualTo(3);
  }

  @Test
  void aPointThatWasMeasuredTwiceIsALeafOfItsMean() {
    Grown grown = Grown.onEachRowOnce(line(new double[] {1, 1, 2}, 2, 4, 10), DEEP, 2);
    assertThat(grown.tree.nodes()).isEqualTo(3);
    assertThat(grown.at(1)).isEqualTo(3);
  }

  @Test
  void depthIsLimited() {
    Samples samples = line(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(Grown.onEachRowOnce(samples, 1, 2).tree.nodes()).isEqualTo(3);
    assertThat(Grown.onEachRowOnce(samples, 2, 2).tree.nodes()).isEqualTo(7);
    assertThat(Grown.onEachRowOnce(samples, DEEP, 2).tree.nodes()).isEqualTo(15);
  }

  @Test
  void theLeastSplitCountsDifferentRows() {
    Samples samples = line(new double[] {1, 2, 3, 4}, 1, 2, 8, 9);
    // Halves of two rows: not cut if three are needed, however often they were drawn.
    assertThat(Grown.on(samples, new int[] {5, 5, 5, 5}, DEEP, 2).tree.nodes()).isEqualTo(7);
    assertThat(Grown.on(samples, new int[] {5, 5, 5, 5}, DEEP, 3).tree.nodes()).isEqualTo(3);
    // Repeats of a point are different rows.
    Samples repeats = line(new double[] {1, 1, 2, 3, 3, 4}, 1, 1, 2, 8, 8, 9);
    assertThat(Grown.onEachRowOnce(repeats, DEEP, 3).tree.nodes()).isEqualTo(7);
  }

  @Test
  void equalTargetsAreOneLeaf() {
    Grown grown = Grown.onEachRowOnce(line(new double[] {1, 2, 3}, 0.1, 0.1, 0.1), DEEP, 2);
    assertThat(grown.tree.nodes()).isEqualTo(1);
    assertThat(grown.at(2)).isEqualTo(0.1);
  }

  @Test
  void theFeatureThatTellsMoreIsCut() {
    Samples samples =
        new Samples(new double[][] {{1, 1, 2, 2}, {10, 20, 10, 20}}, new double[] {1, 5, 2, 6});
    Grown grown = Grown.onEachRowOnce(samples, DEEP, 2);
    assertThat(grown.tree.axis(0)).isEqualTo(1);
    assertThat(grown.tree.threshold(0)).isEqualTo(15);
    assertThat(grown.at(1, 10)).isEqualTo(1);
    assertThat(grown.at(2, 10)).isEqualTo(2);
    assertThat(grown.at(1, 20)).isEqualTo(5);
    assertThat(grown.at(2, 20)).isEqualTo(6);
  }

  @Test
  void equalCutsGoToTheFirstFeature() {
    Samples samples = new Samples(new double[][] {{1, 2}, {20, 10}}, new double[] {1, 5});
    Grown grown = Grown.onEachRowOnce(samples, DEEP, 2);
    assertThat(grown.tree.axis(0)).isZero();
    assertThat(grown.tree.nodes()).isEqualTo(3);
  }

  @Test
  void whereNoCutGainsButTargetsDifferTheFirstIsMade() {
    Samples samples =
        new Samples(new double[][] {{1, 1, 2, 2}, {1, 2, 1, 2}}, new double[] {1, 2, 2, 1});
    Grown grown = Grown.onEachRowOnce(samples, DEEP, 2);
    assertThat(grown.tree.nodes()).isEqualTo(7);
    assertThat(grown.at(1, 1)).isEqualTo(1);
    assertThat(grown.at(1, 2)).isEqualTo(2);
    assertThat(grown.at(2, 2)).isEqualTo(1);
  }

  @Test
  void smallDifferencesBesideALargeOffsetAreSeen() {
    double[] x = {1, 2, 3, 4};
    double high = 1e6;
    Grown grown =
        Grown.onEachRowOnce(line(x, high + 1e-6, high + 1e-6, high + 3e-6, high), DEEP, 2);
    assertThat(grown.at(1)).isEqualTo(high + 1e-6);
    assertThat(grown.at(3)).isEqualTo(high + 3e-6);
    assertThat(grown.at(4)).isEqualTo(high);
  }

  /** Every row ends where a plain search over all cuts, written for this test, sends it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void itIsTheTreeOfAPlainSearch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Samples samples = RandomSamples.of(random, 60, 9, 7);
    int[] draws = random.ints(samples.rows(), 0, 3).toArray();
    int minSamplesSplit = 2 + (int) seed % 4;
    int maxDepth = 3 + (int) seed;
    Grown grown = Grown.on(samples, draws, maxDepth, minSamplesSplit);
    int[] all = IntStream.range(0, samples.rows()).filter(r -> draws[r] > 0).toArray();
    PlainTree plain = new PlainTree(samples, draws, maxDepth, minSamplesSplit);
    for (double x = 0; x < 10; x += 0.5) {
      for (double y = 0; y < 8; y += 0.5) {
        assertThat(grown.at(x, y))
            .as("x %s y %s", x, y)
            .isCloseTo(plain.at(x, y, all, 0), within(1e-12));
      }
    }
  }

  /** Finds the way of one point through a tree that it never builds. */
  private record PlainTree(Samples samples, int[] draws, int maxDepth, int minSamplesSplit) {
    double at(double x, double y, int[] rows, int depth) {
      double[] point = {x, y};
      double best = Double.POSITIVE_INFINITY;
      int bestAxis = -1;
      double bestThreshold = 0;
      for (int a = 0; a < 2 && depth < maxDepth && rows.length >= minSamplesSplit; a++) {
        double[] feature = samples.features()[a];
        double[] values =
            Arrays.stream(rows).mapToDouble(r -> feature[r]).sorted().distinct().toArray();
        for (int i = 1; i < values.length; i++) {
          double threshold = (values[i - 1] + values[i]) / 2;
          double error =
              squaredError(side(rows, a, threshold, true))
                  + squaredError(side(rows, a, threshold, false));
          if (error < best - 1e-9) {
            best = error;
            bestAxis = a;
            bestThreshold = threshold;
          }
        }
      }
      if (bestAxis < 0 || squaredError(rows) < 1e-12) {
        return mean(rows);
      }
      boolean left = point[bestAxis] <= bestThreshold;
      return at(x, y, side(rows, bestAxis, bestThreshold, left), depth + 1);
    }

    private int[] side(int[] rows, int a, double threshold, boolean left) {
      return Arrays.stream(rows)
          .filter(r -> samples.features()[a][r] <= threshold == left)
          .toArray();
    }

    private double mean(int[] rows) {
      return Arrays.stream(rows).mapToDouble(r -> draws[r] * samples.targets()[r]).sum()
          / Arrays.stream(rows).map(r -> draws[r]).sum();
    }

    private double squaredError(int[] rows) {
      double mean = mean(rows);
      return Arrays.stream(rows)
          .mapToDouble(r -> draws[r] * Math.pow(samples.targets()[r] - mean, 2))
          .sum();
    }
  }
}
