package io.plumbline.simulator.learning;

import java.util.List;

/**
 * Least squares on polynomial features with the search grid of Vidur's {@code linear_regression}.
 * The grid's order is fitIntercept, degree, includeBias, interactionOnly, as scikit-learn's.
 *
 * @param degree greatest total powers to try
 * @param includeBias whether the constant is a term
 * @param interactionOnly whether terms with a power of one feature above 1 are left out
 * @param fitIntercept whether terms and targets are centred and the constant found from their means
 * @param folds of the cross-validation
 */
public record PolynomialSpec(
    List<Integer> degree,
    List<Boolean> includeBias,
    List<Boolean> interactionOnly,
    List<Boolean> fitIntercept,
    int folds)
    implements LearnerSpec {

  public PolynomialSpec {
    Check.grid("degree", degree, 1);
    Check.notEmpty("includeBias", includeBias);
    Check.notEmpty("interactionOnly", interactionOnly);
    Check.notEmpty("fitIntercept", fitIntercept);
    Check.atLeast("folds", folds, 2);
    degree = List.copyOf(degree);
    includeBias = List.copyOf(includeBias);
    interactionOnly = List.copyOf(interactionOnly);
    fitIntercept = List.copyOf(fitIntercept);
  }

  /** Vidur's grid of 40 points and 10 folds. */
  public static PolynomialSpec defaults() {
    List<Boolean> both = List.of(true, false);
    return new PolynomialSpec(List.of(1, 2, 3, 4, 5), both, both, both, 10);
  }

  @Override
  public TrainedModel train(Samples samples, long treesBefore) {
    return new PolynomialRegression(this, samples).train();
  }

  @Override
  public long trees(int rows) {
    return 0;
  }
}
