package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LearnerSpecTest {
  private static RandomForestSpec forest(
      List<Integer> estimators, List<Integer> maxDepth, List<Integer> minSamplesSplit, int folds) {
    return new RandomForestSpec(estimators, maxDepth, minSamplesSplit, folds, 0, ForestDraws.OWN);
  }

  @Test
  void theDefaultsAreVidurs() {
    RandomForestSpec forest = RandomForestSpec.defaults();
    assertThat(forest.estimators()).containsExactly(250, 500, 750);
    assertThat(forest.maxDepth()).containsExactly(8, 16, 32);
    assertThat(forest.minSamplesSplit()).containsExactly(2, 5, 10);
    assertThat(forest.folds()).isEqualTo(10);
    PolynomialSpec polynomial = PolynomialSpec.defaults();
    assertThat(polynomial.degree()).containsExactly(1, 2, 3, 4, 5);
    assertThat(polynomial.includeBias()).containsExactly(true, false);
    assertThat(polynomial.interactionOnly()).containsExactly(true, false);
    assertThat(polynomial.fitIntercept()).containsExactly(true, false);
    assertThat(polynomial.folds()).isEqualTo(10);
  }

  @Test
  void aGridNeedsValues() {
    assertThatThrownBy(() -> forest(List.of(), List.of(8), List.of(2), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("estimators must not be empty");
    assertThatThrownBy(
            () ->
                new PolynomialSpec(List.of(1), List.of(true), List.of(), List.of(true, false), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("interactionOnly must not be empty");
  }

  @Test
  void valuesAreInRange() {
    assertThatThrownBy(() -> forest(List.of(0), List.of(8), List.of(2), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("estimators (0) must be at least 1");
    assertThatThrownBy(() -> forest(List.of(1), List.of(8, 0), List.of(2), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxDepth (0) must be at least 1");
    assertThatThrownBy(() -> forest(List.of(1), List.of(8), List.of(1), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("minSamplesSplit (1) must be at least 2");
    assertThatThrownBy(() -> forest(List.of(1), List.of(8), List.of(2), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("folds (1) must be at least 2");
  }

  @Test
  void oneRowCannotBeLearnedFrom() {
    Samples one = new Samples(new double[][] {{1}}, new double[] {1});
    assertThatThrownBy(() -> RandomForestSpec.defaults().train(one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows (1) must be at least 2: one to learn from and one to check");
    assertThatThrownBy(() -> PolynomialSpec.defaults().train(one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows (1) must be at least 2: one to learn from and one to check");
  }

  @Test
  void twoRowsAreEnough() {
    Samples two = new Samples(new double[][] {{1, 2}}, new double[] {1, 1});
    assertThat(RandomForestSpec.defaults().train(two).predict(7)).isEqualTo(1);
    assertThat(PolynomialSpec.defaults().train(two).predict(1)).isCloseTo(1, within(1e-12));
  }
}
