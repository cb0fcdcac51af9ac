package io.plumbline.jobs.score;

import java.util.function.ToDoubleFunction;

/**
 * Finds numbers from 0 on that make an error small: each in turn goes up or down by its step as
 * long as that helps, then the steps are halved. The same start gives the same end.
 */
final class PatternSearch {
  /** A move counts if it takes away 1 % of the error, so that no term is there for nothing. */
  private static final double WORTHWHILE = 0.99;

  private final double[] steps;
  private final int halvings;
  private final ToDoubleFunction<double[]> error;
  private double[] best;
  private double bestError;

  /**
   * A search that has not begun.
   *
   * @param firstSteps one for each number, in its unit
   */
  PatternSearch(double[] firstSteps, int halvings, ToDoubleFunction<double[]> error) {
    this.steps = firstSteps.clone();
    this.halvings = halvings;
    this.error = error;
  }

  /** Searches from some numbers on. */
  double[] from(double[] start) {
    best = start.clone();
    bestError = error.applyAsDouble(best);
    for (int halving = 0; halving <= halvings; halving++) {
      boolean better = true;
      while (better) {
        better = false;
        for (int term = 0; term < steps.length; term++) {
          better |= moves(term, steps[term]) | moves(term, -steps[term]);
        }
      }
      for (int term = 0; term < steps.length; term++) {
        steps[term] /= 2;
      }
    }
    return best;
  }

  /** The error of what was found. */
  double error() {
    return bestError;
  }

  private boolean moves(int term, double step) {
    double[] tried = best.clone();
    tried[term] = Math.max(0, tried[term] + step);
    if (tried[term] == best[term]) {
      return false;
    }
    double triedError = error.applyAsDouble(tried);
    if (!(triedError < bestError * WORTHWHILE)) {
      return false;
    }
    best = tried;
    bestError = triedError;
    return true;
  }
}
