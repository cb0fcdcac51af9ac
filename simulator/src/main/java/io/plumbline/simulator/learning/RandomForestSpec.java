package io.plumbline.simulator.learning;

import java.util.List;

/**
 * A random forest of regression trees with the search grid of Vidur's {@code random_forrest}: each
 * tree is grown on rows drawn with replacement, tries every feature at every cut, and the forest
 * answers with the mean of its trees. The grid's order is that of the components with estimators
 * last, as scikit-learn's.
 *
 * @param estimators numbers of trees to try
 * @param maxDepth greatest depths to try; the root's is 0
 * @param minSamplesSplit least numbers of different rows in a node that is cut
 * @param folds of the cross-validation
 * @param seed of all draws
 * @see <a href="https://doi.org/10.1023/A:1010933404324">Breiman: Random forests, 2001</a>
 */
public record RandomForestSpec(
    List<Integer> estimators,
    List<Integer> maxDepth,
    List<Integer> minSamplesSplit,
    int folds,
    long seed)
    implements LearnerSpec {

  public RandomForestSpec {
    Check.grid("estimators", estimators, 1);
    Check.grid("maxDepth", maxDepth, 1);
    Check.grid("minSamplesSplit", minSamplesSplit, 2);
    Check.atLeast("folds", folds, 2);
    estimators = List.copyOf(estimators);
    maxDepth = List.copyOf(maxDepth);
    minSamplesSplit = List.copyOf(minSamplesSplit);
  }

  /** Vidur's grid of 27 points, 10 folds and seed. */
  public static RandomForestSpec defaults() {
    return new RandomForestSpec(
        List.of(250, 500, 750), List.of(8, 16, 32), List.of(2, 5, 10), 10, 42);
  }

  @Override
  public TrainedModel train(Samples samples) {
    return new RandomForest(this, samples).train();
  }
}
