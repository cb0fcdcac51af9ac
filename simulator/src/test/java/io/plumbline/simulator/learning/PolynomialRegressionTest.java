package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolynomialRegressionTest {
  private static PolynomialSpec spec(
      int degree, boolean includeBias, boolean interactionOnly, boolean fitIntercept) {
    return new PolynomialSpec(
        List.of(degree), List.of(includeBias), List.of(interactionOnly), List.of(fitIntercept), 10);
  }

  private static Samples line(int rows, DoubleUnaryOperator time) {
    double[] x = IntStream.rangeClosed(1, rows).asDoubleStream().toArray();
    return new Samples(new double[][] {x}, Arrays.stream(x).map(time).toArray());
  }

  private static Samples plane(int side, DoubleBinaryOperator time) {
    double[][] features = new double[2][side * side];
    double[] targets = new double[side * side];
    for (int row = 0; row < targets.length; row++) {
      features[0][row] = 1 + row / side;
      features[1][row] = 1 + row % side;
      targets[row] = time.applyAsDouble(features[0][row], features[1][row]);
    }
    return new Samples(features, targets);
  }

  private static double[] coefficients(TrainedModel model) {
    return ((Polynomial) model).coefficients();
  }

  private static void assertCoefficients(TrainedModel model, double... expected) {
    assertThat(coefficients(model)).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(coefficients(model)[i]).as("term %d", i).isCloseTo(expected[i], within(1e-8));
    }
  }

  @Test
  void termsAreInTheOrderOfScikitLearn() {
    assertThat(Term.upTo(3, 1))
        .containsExactly(new Term(0, 0), new Term(1, 0), new Term(2, 0), new Term(3, 0));
    assertThat(Term.upTo(2, 2))
        .containsExactly(
            new Term(0, 0),
            new Term(1, 0),
            new Term(0, 1),
            new Term(2, 0),
            new Term(1, 1),
            new Term(0, 2));
  }

  @Test
  void knownCoefficientsAreFound() {
    Samples cubic = line(40, x -> 2 - 3 * x + 0.5 * x * x + 0.01 * x * x * x);
    assertCoefficients(spec(3, false, false, true).train(cubic), 2, -3, 0.5, 0.01);
    assertCoefficients(spec(3, true, false, false).train(cubic), 2, -3, 0.5, 0.01);
    Samples square = plane(8, (x, y) -> 1 + 2 * x + 3 * y + 4 * x * x + 5 * x * y + 6 * y * y);
    assertCoefficients(spec(2, true, false, true).train(square), 1, 2, 3, 4, 5, 6);
    assertCoefficients(spec(2, true, false, false).train(square), 1, 2, 3, 4, 5, 6);
  }

  @Test
  void withoutAConstantTheFitGoesThroughZero() {
    // Least squares of 1 + x through zero on 1..3: (2 + 6 + 12) / (1 + 4 + 9) = 10/7.
    TrainedModel model = spec(1, false, false, false).train(line(3, x -> 1 + x));
    assertCoefficients(model, 0, 10.0 / 7);
    assertThat(model.predict(0)).isZero();
    assertThat(model.predict(7)).isCloseTo(10, within(1e-12));
  }

  @Test
  void interactionsAloneHaveNoSquares() {
    Samples product = plane(6, (x, y) -> 1 + 2 * x + 3 * y + 4 * x * y);
    assertCoefficients(spec(2, true, true, true).train(product), 1, 2, 3, 0, 4, 0);
  }

  @Test
  void theSearchFindsTheDegree() {
    PolynomialSpec grid = PolynomialSpec.defaults();
    TrainedModel model = grid.train(line(60, x -> 5 + 0.25 * x + 0.125 * x * x));
    assertThat(Integer.parseInt(model.report().parameters().get("degree"))).isGreaterThan(1);
    assertThat(model.report().parameters())
        .containsEntry("interactionOnly", "false")
        .containsOnlyKeys("fitIntercept", "degree", "includeBias", "interactionOnly");
    assertThat(model.report().crossValidationMape()).isLessThan(1e-8);
    assertThat(model.predict(10)).isCloseTo(20, within(1e-9));
  }

  @Test
  void foldsAreHeldOut() {
    // Slopes through zero of (1, 1) (2, 4): 9/5, of (3, 9) (4, 16): 91/25. Each predicts the other
    // two: |1 - 3.64| / 1, |4 - 7.28| / 4; |9 - 5.4| / 9, |16 - 7.2| / 16. All four: 100 / 30.
    Samples samples = line(4, x -> x * x);
    TrainingReport report =
        new PolynomialSpec(List.of(1), List.of(false), List.of(false), List.of(false), 2)
            .train(samples)
            .report();
    assertThat(report.crossValidationMape())
        .isCloseTo(((264 + 82) / 2.0 + (40 + 55) / 2.0) / 2, within(1e-10));
    double slope = 100.0 / 30;
    assertThat(report.trainingMape())
        .isCloseTo(
            (slope - 1 + (slope * 2 - 4) / 4 + (slope * 3 - 9) / 9 + (16 - slope * 4) / 16) * 25,
            within(1e-10));
    assertThat(report.rows()).isEqualTo(4);
  }

  @Test
  void equalScoresGoToTheFirstInTheGrid() {
    TrainedModel model = PolynomialSpec.defaults().train(line(20, x -> 0));
    assertThat(model.report().parameters())
        .containsEntry("fitIntercept", "true")
        .containsEntry("degree", "1")
        .containsEntry("includeBias", "true")
        .containsEntry("interactionOnly", "true");
    assertThat(model.report().crossValidationMape()).isZero();
    assertThat(model.predict(123)).isZero();
  }

  @Test
  void equalInputGivesEqualBits() {
    Samples samples = plane(12, (x, y) -> Math.sqrt(x) + y / (1 + x));
    assertThat(coefficients(PolynomialSpec.defaults().train(samples)))
        .isEqualTo(coefficients(PolynomialSpec.defaults().train(samples)));
  }

  @Test
  void aDegreeThatOverflowsIsRefused() {
    Samples samples = line(4096, x -> x);
    assertThatThrownBy(() -> spec(50, true, false, true).train(samples))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("degree ")
        .hasMessageContaining(" is too high for features as large as ")
        .hasMessageEndingWith("Maybe a lower degree");
  }

  @Test
  void aModelIsAskedWithAsManyFeaturesAsItLearned() {
    assertThatThrownBy(() -> PolynomialSpec.defaults().train(line(20, x -> x)).predict(1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the model predicts from 1 features, not from 2");
  }
}
