package io.plumbline.simulator.learning;

/**
 * Contiguous blocks of rows in file order, each held out once: scikit-learn's {@code KFold} without
 * shuffling.
 */
final class Folds {
  private final int[] start;

  /**
   * As many folds as wanted, or two if there are fewer rows; the first {@code rows % folds} have
   * one row more.
   */
  Folds(int rows, int wanted) {
    if (rows < 2) {
      throw new IllegalArgumentException(
          "rows (%d) must be at least 2: one to learn from and one to check".formatted(rows));
    }
    int folds = rows < wanted ? 2 : wanted;
    start = new int[folds + 1];
    for (int fold = 0; fold < folds; fold++) {
      start[fold + 1] = start[fold] + rows / folds + (fold < rows % folds ? 1 : 0);
    }
  }

  int count() {
    return start.length - 1;
  }

  /** First row that the fold holds out. */
  int from(int fold) {
    return start[fold];
  }

  /** Row after the last that the fold holds out. */
  int to(int fold) {
    return start[fold + 1];
  }
}
