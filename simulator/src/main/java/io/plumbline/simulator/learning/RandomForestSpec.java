package io.plumbline.simulator.learning;

import io.plumbline.trace.random.NumpyRandom;
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
 * @param draws whose random numbers these are; Vidur's take a grid with one number of estimators,
 *     for where the next operator's begin must not depend on which one wins
 * @see <a href="https://doi.org/10.1023/A:1010933404324">Breiman: Random forests, 2001</a>
 */
public record RandomForestSpec(
    List<Integer> estimators,
    List<Integer> maxDepth,
    List<Integer> minSamplesSplit,
    int folds,
    long seed,
    ForestDraws draws)
    implements LearnerSpec {

  public RandomForestSpec {
    Check.grid("estimators", estimators, 1);
    Check.grid("maxDepth", maxDepth, 1);
    Check.grid("minSamplesSplit", minSamplesSplit, 2);
    Check.atLeast("folds", folds, 2);
    if (draws == ForestDraws.VIDUR) {
      new NumpyRandom(seed); // refuses what NumPy refuses
      if (estimators.size() > 1) {
        throw new IllegalArgumentException(
            "draws vidur takes one number of estimators, not %s: how many random numbers an operator takes must be known before it is trained. Maybe draws: own"
                .formatted(estimators));
      }
    }
    estimators = List.copyOf(estimators);
    maxDepth = List.copyOf(maxDepth);
    minSamplesSplit = List.copyOf(minSamplesSplit);
  }

  /** Vidur's grid of 27 points, 10 folds and seed. */
  public static RandomForestSpec defaults() {
    return new RandomForestSpec(
        List.of(250, 500, 750), List.of(8, 16, 32), List.of(2, 5, 10), 10, 42, ForestDraws.OWN);
  }

  /** The only number of estimators of a grid that has one. */
  int onlyEstimators() {
    return estimators.get(0);
  }

  @Override
  public TrainedModel train(Samples samples, long treesBefore) {
    Forest forest =
        draws == ForestDraws.OWN
            ? new RandomForest(this, samples)
            : new ScikitForest(this, samples, treesBefore);
    return forest.train();
  }

  @Override
  public long trees(int rows) {
    return draws == ForestDraws.OWN ? 0 : ScikitForest.trees(this, rows);
  }
}
