package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Expected numbers are those of scikit-learn 1.2.1 and NumPy 1.24.2: {@code np.random.seed(7)},
 * then {@code GridSearchCV(RandomForestRegressor(), grid, cv=3, n_jobs=1)} with Vidur's percentage
 * error.
 */
class ScikitForestTest {
  /** Every size twice, and targets in steps, so that many cuts are equally good. */
  private static Samples line() {
    double[] x = IntStream.range(0, 40).mapToDouble(i -> i / 2).toArray();
    double[] ms =
        IntStream.range(0, 40).mapToDouble(i -> 1 + i * 37 % 11 / 8.0 + i * 0.1).toArray();
    return new Samples(new double[][] {x}, ms);
  }

  private static Samples plane() {
    double[] x = IntStream.range(0, 40).mapToDouble(i -> i % 7).toArray();
    double[] y = IntStream.range(0, 40).mapToDouble(i -> i / 7 * 64).toArray();
    double[] ms =
        IntStream.range(0, 40).mapToDouble(i -> 0.3 + i * 29 % 13 / 10.0 + i % 7 * 0.05).toArray();
    return new Samples(new double[][] {x, y}, ms);
  }

  private static RandomForestSpec spec(List<Integer> maxDepth, List<Integer> minSamplesSplit) {
    return new RandomForestSpec(List.of(5), maxDepth, minSamplesSplit, 3, 7, ForestDraws.VIDUR);
  }

  @Test
  void overOneFeatureItIsScikitLearnsToTheLastBit() {
    TrainedModel first = spec(List.of(2, 5), List.of(2, 4)).train(line(), 0);

    assertThat(first.report().parameters())
        .containsEntry("maxDepth", "5")
        .containsEntry("minSamplesSplit", "2");
    assertThat(first.report().crossValidationMape()).isCloseTo(23.401368387288148, within(1e-12));
    assertThat(line(first))
        .containsExactly(
            1.3725, 2.379666666666667, 2.818333333333334, 4.038333333333334, 5.2283333333333335);
  }

  private static double[] line(TrainedModel model) {
    return DoubleStream.of(0, 3.5, 7, 12.25, 100).map(model::predict).toArray();
  }

  @Test
  void theNextOperatorGoesOnWhereTheLastStopped() {
    RandomForestSpec spec = spec(List.of(2, 5), List.of(2, 4));
    // Four points of the grid, three folds, and the fit, of five trees each.
    assertThat(spec.trees(40)).isEqualTo(65);

    TrainedModel second = spec.train(line(), spec.trees(40));

    assertThat(second.report().parameters())
        .containsEntry("maxDepth", "5")
        .containsEntry("minSamplesSplit", "4");
    assertThat(line(second))
        .containsExactly(
            1.4150000000000003,
            2.353333333333333,
            2.8779166666666667,
            4.261416666666667,
            5.200297619047619);
  }

  @Test
  void overTwoFeaturesItIsScikitLearnsToTheLastBit() {
    RandomForestSpec spec = spec(List.of(9), List.of(2));

    assertThat(plane(spec.train(plane(), 0)))
        .containsExactly(0.5799999999999998, 1.4099999999999997, 0.67, 1.03, 1.06);
    assertThat(plane(spec.train(plane(), spec.trees(40))))
        .containsExactly(
            0.45999999999999996, 1.6499999999999997, 0.5700000000000001, 1.2200000000000002, 1.06);
  }

  private static double[] plane(TrainedModel model) {
    return new double[] {
      model.predict(0, 0),
      model.predict(3, 100),
      model.predict(2.5, 64),
      model.predict(6, 320),
      model.predict(9, 9)
    };
  }

  /** The search over two features grows faster trees; here they come to the same choices. */
  @Test
  void theSearchOverTwoFeaturesChoosesAsScikitLearn() {
    RandomForestSpec spec = spec(List.of(3, 9), List.of(2, 4));

    TrainedModel first = spec.train(plane(), 0);
    assertThat(first.report().parameters())
        .containsEntry("maxDepth", "3")
        .containsEntry("minSamplesSplit", "4");
    assertThat(plane(first))
        .containsExactly(
            0.787, 1.185563725490196, 0.8075994397759103, 0.9570436507936508, 1.1333137254901962);
    assertThat(spec.train(plane(), 20).report().parameters())
        .containsEntry("maxDepth", "9")
        .containsEntry("minSamplesSplit", "4");
  }

  @Test
  void aConstantIsNotSearched() {
    Samples constant = new Samples(plane().features(), new double[40]);

    TrainedModel model = spec(List.of(3, 9), List.of(2, 4)).train(constant, 0);

    assertThat(model.predict(3, 100)).isZero();
    assertThat(model.report().parameters())
        .containsEntry("maxDepth", "3")
        .containsEntry("minSamplesSplit", "2");
    assertThat(model.report().crossValidationMape()).isZero();
  }

  @Test
  void severalNumbersOfTreesAreRefused() {
    assertThatThrownBy(
            () ->
                new RandomForestSpec(
                    List.of(5, 10), List.of(2), List.of(2), 3, 7, ForestDraws.VIDUR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "draws vidur takes one number of estimators, not [5, 10]: how many random numbers an"
                + " operator takes must be known before it is trained. Maybe draws: own");
    assertThatThrownBy(
            () ->
                new RandomForestSpec(List.of(5), List.of(2), List.of(2), 3, -1, ForestDraws.VIDUR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("seed (-1)");
  }
}
