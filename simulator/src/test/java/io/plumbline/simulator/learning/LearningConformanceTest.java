package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Learns from the points that the original Vidur's models were trained on and compares the
 * predictions over the whole tables that those models filled. {@link LearningBenchmark} does so for
 * all recorded sets.
 */
class LearningConformanceTest {
  private static final Path TABLES =
      Path.of(System.getProperty("plumbline.home", ".."), "..", "shared", "golden", "vidur")
          .resolve("tables");
  private static final List<String> SETS =
      List.of("rf250_llama2-70b_nvlink_pp2", "lr_llama2-70b_nvlink_pp2");

  @TestFactory
  Stream<DynamicTest> predictionsAreThoseOfScikitLearn() {
    if (!Files.isDirectory(TABLES)) {
      return Stream.of(
          DynamicTest.dynamicTest(
              "recorded models", () -> abort("recorded Vidur models are not here; skipped")));
    }
    return SETS.stream()
        .map(name -> new GoldenModels(TABLES.resolve(name)))
        .flatMap(
            set ->
                set.operators().stream()
                    .map(
                        operator ->
                            DynamicTest.dynamicTest(
                                set.name() + " " + operator, () -> compare(set, operator))));
  }

  private static void compare(GoldenModels set, String operator) {
    if (!set.isForest() && operator.equals("attn_prefill")) {
      compareRankDeficient(set, operator);
      return;
    }
    TrainedModel model = set.learner(ForestDraws.OWN).train(set.samples(operator));
    RelativeDifference difference = RelativeDifference.between(model, set.table(operator));
    assertThat(difference.median()).isLessThanOrEqualTo(0.01);
    assertThat(difference.p99()).isLessThanOrEqualTo(0.05);
  }

  /**
   * With Vidur's random numbers nothing differs. These three were trained first, fourth and ninth
   * by a process that trained everything; replayed runs cover the others.
   */
  @TestFactory
  Stream<DynamicTest> withVidursRandomNumbersForestsAreVidursToTheLastBit() {
    Path folder = TABLES.resolve(SETS.get(0));
    if (!Files.isDirectory(folder)) {
      return Stream.of(
          DynamicTest.dynamicTest(
              "recorded models", () -> abort("recorded Vidur models are not here; skipped")));
    }
    GoldenModels set = new GoldenModels(folder);
    return Map.of("attn_pre_proj", 0, "mlp_down_proj", 3, "add", 8).entrySet().stream()
        .map(
            operator ->
                DynamicTest.dynamicTest(
                    operator.getKey(),
                    () -> requireEqual(set, operator.getKey(), operator.getValue())));
  }

  private static void requireEqual(GoldenModels set, String operator, int operatorsBefore) {
    LearnerSpec learner = set.learner(ForestDraws.VIDUR);
    Samples samples = set.samples(operator);
    TrainedModel model = learner.train(samples, operatorsBefore * learner.trees(samples.rows()));
    assertThat(RelativeDifference.between(model, set.table(operator)).max()).isZero();
  }

  /**
   * Prefill attention has no polynomial that anyone could meet to 1 %: the features reach 1.6e7,
   * the eighth of nine singular values is 3.2 epsilon of the first, and LAPACK's own answer to the
   * same rows in another order is off by 1.2 % (median, up to 2.3 %) and 7 % (99th percentile, up
   * to 11 %). Cross-validation is as unsure and picks other parameters. So the parameters are set
   * to those recorded and the limits widened; what is met sharply is the training error of the
   * solution in 60-digit arithmetic, 21.92834 % (the recorded model's is 22.95839 %).
   */
  private static void compareRankDeficient(GoldenModels set, String operator) {
    PolynomialSpec recorded =
        new PolynomialSpec(List.of(3), List.of(false), List.of(false), List.of(false), 10);
    TrainedModel model = recorded.train(set.samples(operator));
    RelativeDifference difference = RelativeDifference.between(model, set.table(operator));
    assertThat(difference.median()).isLessThanOrEqualTo(0.03);
    assertThat(difference.p99()).isLessThanOrEqualTo(0.15);
    assertThat(model.report().trainingMape()).isCloseTo(21.92834, within(1e-4));
  }
}
