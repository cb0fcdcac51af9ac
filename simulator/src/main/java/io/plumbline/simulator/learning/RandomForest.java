package io.plumbline.simulator.learning;

import io.plumbline.trace.random.Mt19937;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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

  /** A point of the grid. */
  private record Choice(int maxDepth, int minSamplesSplit, int estimators) {
    Map<String, String> parameters() {
      Map<String, String> parameters = new LinkedHashMap<>();
      parameters.put("maxDepth", Integer.toString(maxDepth));
      parameters.put("minSamplesSplit", Integer.toString(minSamplesSplit));
      parameters.put("estimators", Integer.toString(estimators));
      return parameters;
    }
  }

  TrainedModel train() {
    List<Choice> choices = choices();
    double[] mape = search(choices);
    int best = 0;
    for (int i = 1; i < mape.length; i++) {
      best = mape[i] < mape[best] ? i : best;
    }
    Choice chosen = choices.get(best);
    StepTable table = fit(chosen.maxDepth, chosen.minSamplesSplit, chosen.estimators);
    PercentageError error = new PercentageError();
    for (int row = 0; row < samples.rows(); row++) {
      error.add(samples.targets()[row], table.at(x(row), y(row)));
    }
    return table.with(
        new TrainingReport(chosen.parameters(), mape[best], error.mean(), samples.rows()));
  }

  /** The grid, the last parameter changing fastest. */
  private List<Choice> choices() {
    List<Choice> choices = new ArrayList<>();
    for (int maxDepth : spec.maxDepth()) {
      for (int minSamplesSplit : spec.minSamplesSplit()) {
        for (int estimators : spec.estimators()) {
          choices.add(new Choice(maxDepth, minSamplesSplit, estimators));
        }
      }
    }
    return choices;
  }

  /**
   * Scores the whole grid with one forest per fold: since every cut is the best over all features,
   * a shallower tree is the top of a deeper one, and a smaller forest is the beginning of a larger.
   */
  private double[] search(List<Choice> choices) {
    double[] mape = new double[choices.size()];
    if (grid.isConstant()) {
      return mape; // whatever the parameters, the constant is predicted
    }
    for (int fold = 0; fold < folds.count(); fold++) {
      HeldOutRows heldOut =
          new HeldOutRows(
              samples,
              grid,
              folds.from(fold),
              folds.to(fold),
              spec.maxDepth(),
              spec.minSamplesSplit());
      Mt19937 random = random(fold);
      for (int trees = 1; trees <= Collections.max(spec.estimators()); trees++) {
        draw(folds.from(fold), folds.to(fold), random);
        tree.plant(
            draws,
            Collections.max(spec.maxDepth()),
            Collections.min(spec.minSamplesSplit()),
            random.nextInt32());
        heldOut.add(tree);
        for (int i = 0; i < mape.length; i++) {
          Choice choice = choices.get(i);
          if (choice.estimators == trees) {
            mape[i] += heldOut.mape(choice.maxDepth, choice.minSamplesSplit) / folds.count();
          }
        }
      }
    }
    return mape;
  }

  /** The forest over all rows. Its trees are grown twice, which is cheaper than keeping them. */
  StepTable fit(int maxDepth, int minSamplesSplit, int estimators) {
    double[][] edges = {new double[0], new double[0]};
    forEachTree(
        maxDepth,
        minSamplesSplit,
        estimators,
        grown -> {
          edges[0] = withThresholds(edges[0], grown, 0);
          edges[1] = withThresholds(edges[1], grown, 1);
        });
    StepSums sums = new StepSums(edges);
    forEachTree(maxDepth, minSamplesSplit, estimators, sums::add);
    return sums.table(samples.features().length, grid);
  }

  /** Shows the trees over all rows, one after the other in the same place. */
  void forEachTree(
      int maxDepth, int minSamplesSplit, int estimators, Consumer<RegressionTree> consumer) {
    Mt19937 random = random(folds.count());
    for (int trees = 1; trees <= estimators; trees++) {
      draw(0, 0, random);
      tree.plant(draws, maxDepth, minSamplesSplit, random.nextInt32());
      consumer.accept(tree);
    }
  }

  /** Random numbers of one fold, or of the final forest: independent of all others. */
  private Mt19937 random(int fold) {
    return Mt19937.ofKey((int) spec.seed(), (int) (spec.seed() >>> Integer.SIZE), fold);
  }

  /** Draws, with replacement, as many rows as there are outside of those held out. */
  private void draw(int heldOutFrom, int heldOutTo, Mt19937 random) {
    Arrays.fill(draws, 0);
    int heldOut = heldOutTo - heldOutFrom;
    int rows = draws.length - heldOut;
    for (int i = 0; i < rows; i++) {
      int row = (int) ((Integer.toUnsignedLong(random.nextInt32()) * rows) >>> Integer.SIZE);
      draws[row < heldOutFrom ? row : row + heldOut]++;
    }
  }

  private static double[] withThresholds(double[] edges, RegressionTree tree, int axis) {
    int nodes = tree.nodes();
    double[] all = Arrays.copyOf(edges, edges.length + nodes);
    int next = edges.length;
    for (int node = 0; node < nodes; node++) {
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
