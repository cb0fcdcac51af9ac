package io.plumbline.simulator.learning;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Searches the grid of a {@link RandomForestSpec} and fits the chosen forest. */
final class RandomForest {
  private final RandomForestSpec spec;
  private final Samples samples;
  private final Folds folds;
  private final SampleGrid grid;
  private final RegressionTree tree;
  private final int[] draws;

  RandomForest(RandomForestSpec spec, Samples samples) {
    this.spec = spec;
    this.samples = samples;
    folds = new Folds(samples.rows(), spec.folds());
    grid = new SampleGrid(samples, Collections.max(spec.estimators()));
    tree = new RegressionTree(grid);
    draws = new int[samples.rows()];
  }

  private record Choice(int maxDepth, int minSamplesSplit, int estimators, double mape) {
    Map<String, String> parameters() {
      Map<String, String> parameters = new LinkedHashMap<>();
      parameters.put("maxDepth", Integer.toString(maxDepth));
      parameters.put("minSamplesSplit", Integer.toString(minSamplesSplit));
      parameters.put("estimators", Integer.toString(estimators));
      return parameters;
    }
  }

  TrainedModel train() {
    Choice best = search();
    StepTable table = fit(best.maxDepth, best.minSamplesSplit, best.estimators);
    PercentageError error = new PercentageError();
    for (int row = 0; row < samples.rows(); row++) {
      error.add(samples.targets()[row], table.at(x(row), y(row)));
    }
    return table.with(
        new TrainingReport(best.parameters(), best.mape, error.mean(), samples.rows()));
  }

  /**
   * Scores the whole grid with one forest per fold: since every cut is the best over all features,
   * a shallower tree is the top of a deeper one, and a smaller forest is the beginning of a larger.
   */
  private Choice search() {
    List<Integer> depths = spec.maxDepth();
    List<Integer> splits = spec.minSamplesSplit();
    List<Integer> sizes = spec.estimators();
    double[][][] mape = new double[depths.size()][splits.size()][sizes.size()];
    for (int fold = 0; fold < folds.count(); fold++) {
      HeldOutRows heldOut =
          new HeldOutRows(samples, grid, folds.from(fold), folds.to(fold), depths, splits);
      for (int trees = 1; trees <= Collections.max(sizes); trees++) {
        grow(fold, trees - 1, Collections.max(depths), Collections.min(splits));
        heldOut.add(tree);
        for (int e = 0; e < sizes.size(); e++) {
          for (int d = 0; sizes.get(e) == trees && d < depths.size(); d++) {
            for (int s = 0; s < splits.size(); s++) {
              mape[d][s][e] += heldOut.mape(depths.get(d), splits.get(s)) / folds.count();
            }
          }
        }
      }
    }
    Choice best = null;
    for (int d = 0; d < depths.size(); d++) {
      for (int s = 0; s < splits.size(); s++) {
        for (int e = 0; e < sizes.size(); e++) {
          if (best == null || mape[d][s][e] < best.mape) {
            best = new Choice(depths.get(d), splits.get(s), sizes.get(e), mape[d][s][e]);
          }
        }
      }
    }
    return best;
  }

  /** The forest over all rows. Its trees are grown twice, which is cheaper than keeping them. */
  StepTable fit(int maxDepth, int minSamplesSplit, int estimators) {
    double[][] edges = {new double[0], new double[0]};
    for (int index = 0; index < estimators; index++) {
      growOverAll(index, maxDepth, minSamplesSplit);
      for (int axis = 0; axis < 2; axis++) {
        edges[axis] = withThresholds(edges[axis], axis);
      }
    }
    StepSums sums = new StepSums(edges);
    for (int index = 0; index < estimators; index++) {
      growOverAll(index, maxDepth, minSamplesSplit);
      sums.add(tree);
    }
    return sums.table(samples.features().length, grid);
  }

  /** Grows a tree of the final forest. */
  RegressionTree growOverAll(int index, int maxDepth, int minSamplesSplit) {
    grow(folds.count(), index, maxDepth, minSamplesSplit);
    return tree;
  }

  private void grow(int fold, int index, int maxDepth, int minSamplesSplit) {
    long seed = SplitMix.at(SplitMix.at(spec.seed(), fold), index);
    if (fold < folds.count()) {
      draw(folds.from(fold), folds.to(fold), seed);
    } else {
      draw(0, 0, seed);
    }
    tree.grow(draws, maxDepth, minSamplesSplit, SplitMix.at(seed, -1));
  }

  /** Draws, with replacement, as many rows as there are outside of those held out. */
  private void draw(int heldOutFrom, int heldOutTo, long seed) {
    Arrays.fill(draws, 0);
    int heldOut = heldOutTo - heldOutFrom;
    int rows = draws.length - heldOut;
    for (int i = 0; i < rows; i++) {
      int row = (int) (((SplitMix.at(seed, i) >>> Integer.SIZE) * rows) >>> Integer.SIZE);
      draws[row < heldOutFrom ? row : row + heldOut]++;
    }
  }

  private double[] withThresholds(double[] edges, int axis) {
    double[] all = Arrays.copyOf(edges, edges.length + tree.nodes());
    int next = edges.length;
    for (int node = 0; node < tree.nodes(); node++) {
      if (!tree.isLeaf(node) && tree.axis(node) == axis) {
        all[next++] = tree.threshold(node);
      }
    }
    return SampleGrid.sortedDistinct(Arrays.copyOf(all, next));
  }

  private double x(int row) {
    return samples.features()[0][row];
  }

  private double y(int row) {
    return samples.features().length == 2 ? samples.features()[1][row] : 0;
  }
}
