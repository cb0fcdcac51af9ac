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
      return on(samples, draws, maxDepth, minSamplesSplit, 0);
    }

    static Grown on(Samples samples, int[] draws, int maxDepth, int minSamplesSplit, int tieSeed) {
      SampleGrid grid = new SampleGrid(samples, 1);
      RegressionTree tree = new RegressionTree(grid);
      tree.plant(draws, maxDepth, minSamplesSplit, tieSeed);
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
  void equalCutsAreSharedBetweenTheFeatures() {
    Samples samples = new Samples(new double[][] {{1, 2}, {20, 10}}, new double[] {1, 5});
    int[] cutsOnAxis = new int[2];
    for (int seed = 0; seed < 1000; seed++) {
      cutsOnAxis[Grown.on(samples, new int[] {1, 1}, DEEP, 2, seed).tree.axis(0)]++;
    }
    // A fair coin leaves 420 to 580 once in 2 million times.
    assertThat(cutsOnAxis[0]).isBetween(420, 580);
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

  /** A plain search over all cuts, written for this test, sends every point the same way. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void overOneFeatureItIsTheTreeOfAPlainSearch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Samples samples = RandomSamples.of(random, 60, 25, 1);
    double[] halves = IntStream.range(0, 54).mapToDouble(i -> i * 0.5).toArray();
    double[] ones = new double[halves.length];
    Arrays.fill(ones, 1);
    assertPlain(samples, random.ints(samples.rows(), 0, 3).toArray(), halves, ones);
  }

  /** Only at the points that were drawn: between them, equal cuts on either axis differ. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void overTwoFeaturesItIsTheTreeOfAPlainSearch(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Samples samples = RandomSamples.of(random, 60, 9, 7);
    int[] draws = random.ints(samples.rows(), 0, 3).toArray();
    int[] drawn = drawn(draws);
    assertPlain(
        samples, draws, pick(samples.features()[0], drawn), pick(samples.features()[1], drawn));
  }

  private static int[] drawn(int[] draws) {
    return IntStream.range(0, draws.length).filter(row -> draws[row] > 0).toArray();
  }

  private static double[] pick(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
  }

  private static void assertPlain(Samples samples, int[] draws, double[] xs, double[] ys) {
    for (int minSamplesSplit : new int[] {2, 3, 7}) {
      for (int maxDepth : new int[] {2, 5, DEEP}) {
        Grown grown = Grown.on(samples, draws, maxDepth, minSamplesSplit);
        PlainTree plain = new PlainTree(samples, draws, maxDepth, minSamplesSplit);
        for (int i = 0; i < xs.length; i++) {
          assertThat(grown.at(xs[i], ys[i]))
              .as("x %s y %s", xs[i], ys[i])
              .isCloseTo(plain.at(xs[i], ys[i], drawn(draws), 0), within(1e-12));
        }
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
