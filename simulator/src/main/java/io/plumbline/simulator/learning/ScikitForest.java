package io.plumbline.simulator.learning;

import io.plumbline.trace.random.NumpyRandom;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The forest that scikit-learn 1.2 fits inside {@code GridSearchCV} on one thread, equal to the
 * last bit. Each tree takes one number off NumPy's global generator and is seeded with it, so a
 * forest that does not matter is skipped at no cost.
 *
 * <p>The search grows {@link RegressionTree}s over the same samples, which is faster. They differ
 * where two cuts are equally good; scores do by up to 0.05 %. So over one feature, those that come
 * near the best are scored again. Over two that would cost more than all the rest, and differences
 * are smaller; no choice that was compared was another.
 *
 * @see <a
 *     href="https://scikit-learn.org/1.2/modules/generated/sklearn.ensemble.RandomForestRegressor.html">
 *     RandomForestRegressor</a>
 */
final class ScikitForest extends Forest {
  /** Scores up to this many times the best may be the best. */
  private static final double NEAR = 1.002;

  private final ScikitTree tree;
  private final RegressionTree fastTree;
  private final NumpyRandom random;
  private final int[] draws;

  /**
   * @param treesBefore trees that were grown with the seed before these
   */
  ScikitForest(RandomForestSpec spec, Samples samples, long treesBefore) {
    super(spec, samples);
    tree = new ScikitTree(samples);
    fastTree = new RegressionTree(new SampleGrid(samples, spec.onlyEstimators()));
    draws = new int[samples.rows()];
    random = new NumpyRandom(spec.seed());
    skip(treesBefore);
  }

  /** Trees that a training takes: those of the search and of the fit. */
  static long trees(RandomForestSpec spec, int rows) {
    long forests =
        (long) spec.maxDepth().size()
                * spec.minSamplesSplit().size()
                * new Folds(rows, spec.folds()).count()
            + 1;
    return forests * spec.onlyEstimators();
  }

  @Override
  double[] search(List<Choice> choices) {
    double[] mape = new double[choices.size()];
    if (isConstant()) {
      skip(trees(spec, samples.rows()) - spec.onlyEstimators());
      return mape;
    }
    NumpyRandom[] begin = new NumpyRandom[mape.length];
    for (int i = 0; i < mape.length; i++) {
      begin[i] = random.copy();
      mape[i] = heldOutMape(fastTree, choices.get(i), random);
    }
    if (samples.features().length == 1) {
      double near = Arrays.stream(mape).min().orElseThrow() * NEAR;
      for (int i = 0; i < mape.length; i++) {
        if (mape[i] <= near) {
          mape[i] = heldOutMape(tree, choices.get(i), begin[i]);
        }
      }
    }
    return mape;
  }

  private double heldOutMape(Tree grown, Choice choice, NumpyRandom seeds) {
    double mape = 0;
    for (int fold = 0; fold < folds.count(); fold++) {
      mape += heldOutMape(grown, choice, folds.from(fold), folds.to(fold), seeds) / folds.count();
    }
    return mape;
  }

  private double heldOutMape(Tree grown, Choice choice, int from, int to, NumpyRandom seeds) {
    double[] sums = new double[to - from];
    for (int trees = 0; trees < choice.estimators(); trees++) {
      plant(grown, choice.maxDepth(), choice.minSamplesSplit(), from, to, seeds);
      for (int row = from; row < to; row++) {
        sums[row - from] += grown.answer(x(row), y(row));
      }
    }
    PercentageError error = new PercentageError();
    for (int row = from; row < to; row++) {
      error.add(samples.targets()[row], grown.ms(sums[row - from], choice.estimators()));
    }
    return error.mean();
  }

  /** Goes on where the search stopped. */
  @Override
  void forEachTree(int maxDepth, int minSamplesSplit, int estimators, Consumer<Tree> consumer) {
    NumpyRandom fit = random.copy();
    for (int trees = 0; trees < estimators; trees++) {
      plant(tree, maxDepth, minSamplesSplit, 0, 0, fit);
      consumer.accept(tree);
    }
  }

  /** Plants the next tree, over as many rows as there are outside of those held out. */
  private void plant(
      Tree planted,
      int maxDepth,
      int minSamplesSplit,
      int heldOutFrom,
      int heldOutTo,
      NumpyRandom seeds) {
    int seed = nextSeed(seeds);
    NumpyRandom ofTree = new NumpyRandom(seed);
    int heldOut = heldOutTo - heldOutFrom;
    int[] drawn = new int[draws.length - heldOut];
    ofTree.nextInts(drawn.length, drawn);
    Arrays.fill(draws, 0);
    for (int row : drawn) {
      draws[row < heldOutFrom ? row : row + heldOut]++;
    }
    planted.plant(draws, maxDepth, minSamplesSplit, seed);
  }

  private void skip(long trees) {
    for (long i = 0; i < trees; i++) {
      nextSeed(random);
    }
  }

  private static int nextSeed(NumpyRandom seeds) {
    return seeds.nextInt(Integer.MAX_VALUE);
  }
}
