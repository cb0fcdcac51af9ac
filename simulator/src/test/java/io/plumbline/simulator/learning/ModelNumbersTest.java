package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelNumbersTest {
  private static final TrainingReport REPORT = new TrainingReport(Map.of(), 0, 0, 1);

  static List<LearnerSpec> learners() {
    PolynomialSpec all = PolynomialSpec.defaults();
    return List.of(
        new RandomForestSpec(List.of(5), List.of(4), List.of(2), 3, 7, ForestDraws.OWN),
        new PolynomialSpec(List.of(3), all.includeBias(), List.of(false), List.of(true), 3));
  }

  @ParameterizedTest
  @MethodSource("learners")
  void theModelOfAModelsNumbersIsThatModel(LearnerSpec learner) {
    for (int features = 1; features <= 2; features++) {
      SplittableRandom random = new SplittableRandom(features);
      double[][] points = new double[features][];
      for (int f = 0; f < features; f++) {
        points[f] = random.ints(40, 0, 20).asDoubleStream().toArray();
      }
      TrainedModel trained = learner.train(new Samples(points, random.doubles(40).toArray()));

      TrainedModel again = trained.numbers().model();

      assertThat(again.report()).isEqualTo(trained.report());
      for (double x = -1; x < 22; x += 0.5) {
        if (features == 1) {
          assertThat(again.predict(x)).isEqualTo(trained.predict(x));
        } else {
          for (double y = -1; y < 22; y += 0.5) {
            assertThat(again.predict(x, y)).isEqualTo(trained.predict(x, y));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "STEPS, 3, 1, 1, 4, features (3) must be one or two",
    "STEPS, 2, 1, 2, 5, 5 numbers do not fit axes of 1 and 2",
    "POLYNOMIAL, 2, 4, 3, 4, 4 numbers do not fit axes of 4 and 3",
  })
  void numbersThatDoNotFitTogetherAreRefused(
      ModelNumbers.Kind kind, int features, int x, int y, int ms, String message) {
    assertThatThrownBy(
            () ->
                new ModelNumbers(
                    kind, features, new double[x], new double[y], new double[ms], REPORT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
