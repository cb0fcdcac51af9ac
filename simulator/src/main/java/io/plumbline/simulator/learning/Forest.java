package io.plumbline.simulator.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Searches the grid of a {@link RandomForestSpec} and fits the chosen forest. */
abstract class Forest {
  final RandomForestSpec spec;
  final Samples samples;
  final Folds folds;

  Forest(RandomForestSpec spec, Samples samples) {
    this.spec = spec;
    this.samples = samples;
    folds = new Folds(samples.rows(), spec.folds());
  }

  /** A point of the grid. */
  record Choice(int maxDepth, int minSamplesSplit, int estimators) {
    private Map<String, String> parameters() {
      Map<String, String> parameters = new LinkedHashMap<>();
      parameters.put("maxDepth", Integer.toString(maxDepth));
      parameters.put("minSamplesSplit", Integer.toString(minSamplesSplit));
      parameters.put("estimators", Integer.toString(estimators));
      return parameters;
    }
  }

  final TrainedModel train() {
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

  /** Mean error of each choice on the rows held out. */
  abstract double[] search(List<Choice> choices);

  /** Shows the trees over all rows, one after the other in the same place. */
  abstract void forEachTree(
      int maxDepth, int minSamplesSplit, int estimators, Consumer<Tree> consumer);

  /** The forest over all rows. Its trees are grown twice, which is cheaper than keeping them. */
  final StepTable fit(int maxDepth, int minSamplesSplit, int estimators) {
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
    return sums.table(samples.features().length);
  }

  private static double[] withThresholds(double[] edges, Tree tree, int axis) {
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

  final boolean isConstant() {
    double first = samples.targets()[0];
    return Arrays.stream(samples.targets()).allMatch(ms -> ms == first);
  }

  final double x(int row) {
    return samples.features()[0][row];
  }

  final double y(int row) {
    return samples.features().length == 2 ? samples.features()[1][row] : 0;
  }
}
