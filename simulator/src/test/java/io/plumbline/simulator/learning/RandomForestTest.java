package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomForestTest {
  private static final Samples SAMPLES = RandomSamples.of(new SplittableRandom(1), 300, 20, 15);

  private static RandomForestSpec spec(
      List<Integer> estimators, List<Integer> maxDepth, List<Integer> minSamplesSplit) {
    return new RandomForestSpec(estimators, maxDepth, minSamplesSplit, 10, 42, ForestDraws.OWN);
  }

  private static RandomForestSpec small() {
    return spec(List.of(4, 9), List.of(2, 5, 30), List.of(2, 4, 9));
  }

  @Test
  void theTableIsTheForestToTheLastBit() {
    RandomForest forest = new RandomForest(small(), SAMPLES);
    SampleGrid grid = new SampleGrid(SAMPLES, 9);
    StepTable table = forest.fit(30, 2, 9);
    for (double x = -1; x < 23; x += 0.25) {
      for (double y = -1; y < 18; y += 0.25) {
        assertThat(table.predict(x, y)).isEqualTo(walk(forest, grid, 30, 2, 9, x, y));
      }
    }
  }

  private static double walk(
      RandomForest forest,
      SampleGrid grid,
      int maxDepth,
      int minSamplesSplit,
      int estimators,
      double x,
      double y) {
    double[] sum = new double[1];
    forest.forEachTree(maxDepth, minSamplesSplit, estimators, tree -> sum[0] += tree.answer(x, y));
    return grid.ms(sum[0], estimators);
  }

  @Test
  void aSmallerForestIsTheBeginningOfALarger() {
    RandomForest forest = new RandomForest(small(), SAMPLES);
    SampleGrid grid = new SampleGrid(SAMPLES, 9);
    double first = walk(forest, grid, 30, 2, 4, 7.2, 3.1);
    RandomForest smaller = new RandomForest(spec(List.of(4), List.of(30), List.of(2)), SAMPLES);
    assertThat(smaller.fit(30, 2, 4).predict(7.2, 3.1)).isCloseTo(first, within(1e-12));
    assertThat(forest.fit(30, 2, 9).predict(7.2, 3.1)).isNotEqualTo(first);
  }

  /** One forest per fold scores the whole grid as separately grown forests do. */
  @Test
  void theSearchFindsWhatSeparateTrainingsFind() {
    RandomForestSpec all = small();
    TrainingReport best = all.train(SAMPLES).report();
    double least = Double.POSITIVE_INFINITY;
    for (int maxDepth : all.maxDepth()) {
      for (int minSamplesSplit : all.minSamplesSplit()) {
        for (int estimators : all.estimators()) {
          TrainingReport one =
              spec(List.of(estimators), List.of(maxDepth), List.of(minSamplesSplit))
                  .train(SAMPLES)
                  .report();
          assertThat(one.crossValidationMape()).isGreaterThan(best.crossValidationMape() - 1e-9);
          least = Math.min(least, one.crossValidationMape());
          if (one.parameters().equals(best.parameters())) {
            assertThat(one.crossValidationMape())
                .isCloseTo(best.crossValidationMape(), within(1e-9));
            assertThat(one.trainingMape()).isCloseTo(best.trainingMape(), within(1e-9));
          }
        }
      }
    }
    assertThat(best.crossValidationMape()).isCloseTo(least, within(1e-9));
  }

  /**
   * Every combination of limits, row by row: the stop on the way down is the smaller tree's leaf.
   */
  @Test
  void aTruncatedTreeIsTheTreeGrownWithTheLimits() {
    SampleGrid grid = new SampleGrid(SAMPLES, 1);
    int[] draws = new SplittableRandom(5).ints(SAMPLES.rows(), 0, 3).toArray();
    List<Integer> depths = List.of(1, 3, 6, 40);
    List<Integer> splits = List.of(2, 3, 7, 20);
    RegressionTree full = new RegressionTree(grid);
    full.plant(draws, 40, 2, 7);
    for (int row = 0; row < SAMPLES.rows(); row++) {
      HeldOutRows truncated = new HeldOutRows(SAMPLES, grid, row, row + 1, depths, splits);
      truncated.add(full);
      for (int maxDepth : depths) {
        for (int minSamplesSplit : splits) {
          RegressionTree own = new RegressionTree(grid);
          own.plant(draws, maxDepth, minSamplesSplit, 7);
          HeldOutRows alone =
              new HeldOutRows(
                  SAMPLES, grid, row, row + 1, List.of(maxDepth), List.of(minSamplesSplit));
          alone.add(own);
          assertThat(truncated.mape(maxDepth, minSamplesSplit))
              .isEqualTo(alone.mape(maxDepth, minSamplesSplit));
        }
      }
    }
  }

  @Test
  void equalScoresGoToTheFirstInTheGrid() {
    // No tree over 300 rows is deeper than 40, so both depths give the same forest.
    assertThat(parameters(List.of(50, 40))).containsEntry("maxDepth", "50");
    assertThat(parameters(List.of(40, 50))).containsEntry("maxDepth", "40");
    assertThat(parameters(List.of(40)).keySet())
        .containsExactly("maxDepth", "minSamplesSplit", "estimators");
  }

  private static Map<String, String> parameters(List<Integer> maxDepth) {
    return spec(List.of(5), maxDepth, List.of(2)).train(SAMPLES).report().parameters();
  }

  @Test
  void equalInputGivesEqualBitsAndAnotherSeedOthers() {
    RandomForestSpec other =
        new RandomForestSpec(
            small().estimators(),
            small().maxDepth(),
            small().minSamplesSplit(),
            10,
            43,
            ForestDraws.OWN);
    TrainedModel first = small().train(SAMPLES);
    TrainedModel again = small().train(SAMPLES);
    assertThat(bytes(again)).isEqualTo(bytes(first));
    assertThat(bytes(other.train(SAMPLES))).isNotEqualTo(bytes(first));
  }

  @Test
  void aModelTravels() throws Exception {
    TrainedModel model = small().train(SAMPLES);
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(model)))) {
      TrainedModel read = (TrainedModel) in.readObject();
      assertThat(read.predict(3, 4)).isEqualTo(model.predict(3, 4));
      assertThat(read.report()).isEqualTo(model.report());
    }
  }

  private static byte[] bytes(TrainedModel model) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Test
  void aConstantIsPredictedExactly() {
    double[] x = IntStream.range(0, 50).asDoubleStream().toArray();
    for (double constant : new double[] {0, 0.1, -1.0 / 3}) {
      double[] targets = new double[50];
      Arrays.fill(targets, constant);
      TrainedModel model =
          RandomForestSpec.defaults().train(new Samples(new double[][] {x}, targets));
      assertThat(model.predict(17)).isEqualTo(constant);
      assertThat(((StepTable) model).steps()).isEqualTo(1);
      assertThat(model.report().crossValidationMape()).isZero();
      assertThat(model.report().trainingMape()).isZero();
      assertThat(model.report().rows()).isEqualTo(50);
      assertThat(model.report().parameters())
          .containsEntry("maxDepth", "8")
          .containsEntry("minSamplesSplit", "2")
          .containsEntry("estimators", "250");
    }
  }

  @Test
  void zeroesBesideOtherTimesArePredictedExactly() {
    double[] x = IntStream.range(0, 40).asDoubleStream().toArray();
    double[] targets = Arrays.stream(x).map(size -> size < 30 ? 0 : 0.7).toArray();
    TrainedModel model =
        spec(List.of(20), List.of(8), List.of(2)).train(new Samples(new double[][] {x}, targets));
    assertThat(model.predict(3)).isZero();
    assertThat(model.predict(39)).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void predictionsStayInTheRangeOfTheTargets() {
    TrainedModel model = small().train(SAMPLES);
    double least = Arrays.stream(SAMPLES.targets()).min().orElseThrow();
    double most = Arrays.stream(SAMPLES.targets()).max().orElseThrow();
    for (double x : new double[] {-1e9, 0, 5, 1e9}) {
      assertThat(model.predict(x, x)).isBetween(least, most);
    }
  }

  @Test
  void aModelIsAskedWithAsManyFeaturesAsItLearned() {
    assertThatThrownBy(() -> small().train(SAMPLES).predict(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the model predicts from 2 features, not from 1");
    Samples line = new Samples(new double[][] {{1, 2, 3}}, new double[] {1, 2, 3});
    assertThatThrownBy(() -> small().train(line).predict(1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the model predicts from 1 features, not from 2");
  }

  @Test
  void featuresThatAreNoGridAreRefused() {
    double[] x = IntStream.range(0, 1500).asDoubleStream().toArray();
    assertThatThrownBy(() -> small().train(new Samples(new double[][] {x, x}, x)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "features have 1500 and 1500 distinct values; a forest over more than 1048576"
                + " combinations would be too big a table. Maybe round the measured sizes to a"
                + " coarser grid");
  }
}
