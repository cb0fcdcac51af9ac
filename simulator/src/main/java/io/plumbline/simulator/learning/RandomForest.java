package io.plumbline.simulator.learning;

import io.plumbline.trace.random.Mt19937;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** A forest with random numbers of its own, so that one search serves the whole grid. */
final class RandomForest extends Forest {
  private final SampleGrid grid;
  private final RegressionTree tree;
  private final int[] draws;

  RandomForest(RandomForestSpec spec, Samples samples) {
    super(spec, samples);
    grid = new SampleGrid(samples, Collections.max(spec.estimators()));
    tree = new RegressionTree(grid);
    draws = new int[samples.rows()];
  }

  /**
   * Scores the whole grid with one forest per fold: since every cut is the best over all features,
   * a shallower tree is the top of a deeper one, and a smaller forest is the beginning of a larger.
   */
  @Override
  double[] search(List<Choice> choices) {
    double[] mape = new double[choices.size()];
    if (isConstant()) {
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
          if (choice.estimators() == trees) {
            mape[i] += heldOut.mape(choice.maxDepth(), choice.minSamplesSplit()) / folds.count();
          }
        }
      }
    }
    return mape;
  }

  @Override
  void forEachTree(int maxDepth, int minSamplesSplit, int estimators, Consumer<Tree> consumer) {
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
}
