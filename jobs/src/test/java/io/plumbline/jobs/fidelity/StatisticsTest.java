package io.plumbline.jobs.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.jobs.error.ErrorMetrics;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics over counted and weighted values against commons-math over the values written out. */
class StatisticsTest {
  private static final double[] FRACTIONS = {0.5, 0.9, 0.95, 0.99};
  private static final int GROUPS = 20;

  /** Values with ties, in two repeats of 20 requests each. */
  private static Sample sample(Random random, int repeats, double shift) {
    int size = 3 * GROUPS * repeats;
    record Value(double value, int unit, int count) {}
    Value[] values = new Value[size];
    for (int i = 0; i < size; i++) {
      double value = shift + random.nextInt(30) + (random.nextBoolean() ? 0.25 : 0);
      values[i] = new Value(value, i % (GROUPS * repeats), 1 + random.nextInt(3));
    }
    Arrays.sort(values, (a, b) -> Double.compare(a.value(), b.value()));
    return new Sample(
        Arrays.stream(values).mapToDouble(Value::value).toArray(),
        Arrays.stream(values).mapToInt(Value::unit).toArray(),
        Arrays.stream(values).mapToInt(Value::count).toArray());
  }

  private static double[] writtenOut(Sample sample, int[] weights) {
    return IntStream.range(0, sample.size())
        .boxed()
        .flatMapToDouble(
            i ->
                IntStream.range(0, sample.count(i) * weights[sample.unit(i)])
                    .mapToDouble(k -> sample.value(i)))
        .toArray();
  }

  private static double percentile(double[] values, double fraction) {
    return new Percentile(100 * fraction)
        .withEstimationType(Percentile.EstimationType.R_7)
        .evaluate(values);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void percentilesAndMeanAreThoseOfTheValuesWrittenOut(long seed) {
    Sample sample = sample(new Random(seed), 2, 0);
    Resampling resampling = new Resampling(seed, GROUPS, 2, 1);
    for (int draw = 0; draw < 20; draw++) {
      int[] weights = draw == 0 ? resampling.all().reference() : resampling.next().reference();
      double[] values = writtenOut(sample, weights);
      double[] found = sample.statistics(FRACTIONS, weights);
      assertThat(sample.total(weights)).isEqualTo(values.length);
      assertThat(found[0]).isCloseTo(Arrays.stream(values).average().orElseThrow(), within(1e-9));
      for (int f = 0; f < FRACTIONS.length; f++) {
        assertThat(found[f + 1]).isCloseTo(percentile(values, FRACTIONS[f]), within(1e-9));
        assertThat(found[f + 1]).isEqualTo(ErrorMetrics.percentile(values, FRACTIONS[f]));
      }
    }
  }

  /** Several percentiles lie between the same two values when there are few. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 12, 101})
  void percentilesOfFewValuesAreThoseOfCommonsMath(int size) {
    double[] values = IntStream.range(0, size).mapToDouble(i -> i * i + 10).toArray();
    int[] ones = new int[size];
    Arrays.fill(ones, 1);
    double[] found =
        new Sample(values, IntStream.range(0, size).toArray(), ones).statistics(FRACTIONS, ones);
    for (int f = 0; f < FRACTIONS.length; f++) {
      assertThat(found[f + 1]).isEqualTo(ErrorMetrics.percentile(values, FRACTIONS[f]));
      assertThat(found[f + 1]).isCloseTo(percentile(values, FRACTIONS[f]), within(1e-9));
    }
  }

  @Test
  void anEmptyDrawHasNoStatistics() {
    Sample sample = new Sample(new double[] {1}, new int[] {1}, new int[] {1});
    assertThat(sample.statistics(FRACTIONS, new int[] {5, 0})).containsOnly(Double.NaN);
    assertThat(sample.statistics(FRACTIONS, new int[] {0, 2})).containsOnly(1.0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void distancesAreThoseOfCommonsMathAndOfTheAreaByDefinition(long seed) {
    Random random = new Random(seed);
    Sample reference = sample(random, 2, 0);
    Sample simulated = sample(random, 1, 3);
    Resampling resampling = new Resampling(seed, GROUPS, 2, 1);
    Distances distances = new Distances(reference, simulated);
    for (int i = 0; i < 20; i++) {
      Resampling.Draw draw = i == 0 ? resampling.all() : resampling.next();
      double[] r = writtenOut(reference, draw.reference());
      double[] s = writtenOut(simulated, draw.simulated());
      Distances.Pair found = distances.of(draw, r.length, s.length);
      assertThat(found.kolmogorovSmirnov())
          .isCloseTo(new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(r, s), within(1e-12));
      assertThat(found.wasserstein1()).isCloseTo(areaBetweenQuantiles(r, s), within(1e-9));
    }
  }

  /** W1 by quantile functions: both samples written out to a common size and paired in order. */
  private static double areaBetweenQuantiles(double[] a, double[] b) {
    double[] left = a.clone();
    double[] right = b.clone();
    Arrays.sort(left);
    Arrays.sort(right);
    long pairs = (long) left.length * right.length;
    double sum = 0;
    for (long i = 0; i < pairs; i++) {
      sum += Math.abs(left[(int) (i / right.length)] - right[(int) (i / left.length)]);
    }
    return sum / pairs;
  }

  @Test
  void distancesWorkedOutByHand() {
    // F of {1, 3} and of {2, 2, 6}: gaps 1/2 on [1, 2), 1/6 on [2, 3), 1/3 on [3, 6).
    Sample reference = new Sample(new double[] {1, 3}, new int[] {0, 0}, new int[] {1, 1});
    Sample simulated = new Sample(new double[] {2, 6}, new int[] {0, 0}, new int[] {2, 1});
    Distances.Pair found =
        new Distances(reference, simulated).of(new Resampling(1, 1, 1, 1).all(), 2, 3);
    assertThat(found.kolmogorovSmirnov()).isEqualTo(0.5);
    assertThat(found.wasserstein1()).isCloseTo(0.5 + 1.0 / 6 + 1, within(1e-12));
  }

  @Test
  void drawsTakeAsManyGroupsAndRepeatsAsThereAreAndTheSameOnBothSides() {
    Resampling resampling = new Resampling(7, GROUPS, 3, 1);
    for (int i = 0; i < 50; i++) {
      Resampling.Draw draw = resampling.next();
      assertThat(Arrays.stream(draw.reference()).sum()).isEqualTo(3 * GROUPS);
      assertThat(Arrays.stream(draw.simulated()).sum()).isEqualTo(GROUPS);
      for (int group = 0; group < GROUPS; group++) {
        int drawn = draw.simulated()[group];
        int onReference = 0;
        for (int repeat = 0; repeat < 3; repeat++) {
          onReference += draw.reference()[repeat * GROUPS + group];
        }
        assertThat(onReference).isEqualTo(3 * drawn);
      }
    }
  }

  /** The whole score against a bootstrap that writes every draw out and asks commons-math. */
  @Test
  void intervalsAreThoseOfABootstrapWrittenOut() {
    Random random = new Random(11);
    Sample reference = sample(random, 2, 10);
    Sample simulated = sample(random, 1, 11);
    ScoringRules rules = new ScoringRules(5, 200, 90, 5, 9);
    SeriesScore score =
        SeriesScore.of(new SeriesScore.Shape(0, "ttft", GROUPS, 2, 1), reference, simulated, rules);
    Resampling resampling = new Resampling(5, GROUPS, 2, 1);
    double[] percent = new double[200];
    double[] gaps = new double[200];
    for (int b = 0; b < 200; b++) {
      Resampling.Draw draw = resampling.next();
      double[] r = writtenOut(reference, draw.reference());
      double[] s = writtenOut(simulated, draw.simulated());
      percent[b] = 100 * (percentile(s, 0.9) / percentile(r, 0.9) - 1);
      gaps[b] = new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(r, s);
    }
    Interval p90 = score.statistics().get(2).percent();
    assertThat(p90.low()).isCloseTo(percentile(percent, 0.05), within(1e-9));
    assertThat(p90.high()).isCloseTo(percentile(percent, 0.95), within(1e-9));
    assertThat(score.kolmogorovSmirnovInterval().high())
        .isCloseTo(percentile(gaps, 0.95), within(1e-9));
    assertThat(p90.low()).isLessThan(p90.high());
  }

  /** For the mean of independent values the interval must be about 2 * 1.96 standard errors. */
  @Test
  void theIntervalOfAMeanHasTheWidthThatTheoryGives() {
    Random random = new Random(3);
    int n = 400;
    double[] values = IntStream.range(0, n).mapToDouble(i -> 100 + random.nextGaussian()).toArray();
    Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
    int[] ones = new int[n];
    Arrays.fill(ones, 1);
    Sample reference =
        new Sample(
            Arrays.stream(order).mapToDouble(i -> values[i]).toArray(),
            Arrays.stream(order).mapToInt(i -> i).toArray(),
            ones);
    double[] constants = new double[n];
    Arrays.fill(constants, 100);
    Sample simulated = new Sample(constants, IntStream.range(0, n).toArray(), ones);
    SeriesScore score =
        SeriesScore.of(
            new SeriesScore.Shape(0, "ttft", n, 1, 1),
            reference,
            simulated,
            new ScoringRules(1, 2000, 95, 5, 9));
    Interval mean = score.statistics().get(0).signed();
    assertThat(mean.high() - mean.low()).isCloseTo(2 * 1.96 / Math.sqrt(n), within(0.03));
  }

  @Test
  void floorsWorkedOutByHand() {
    // 10, 12, 11: distances 2, 1, 1, so 4/3 of a mean of 11; spread 2 of 11.
    NoiseFloor floor = NoiseFloor.of(new double[] {10, 12, 11});
    assertThat(floor.floorPercent()).isCloseTo(100 * 4.0 / 3 / 11, within(1e-12));
    assertThat(floor.spreadPercent()).isCloseTo(100 * 2.0 / 11, within(1e-12));
    assertThat(NoiseFloor.word(floor)).isEqualTo("known");
    assertThat(NoiseFloor.word(NoiseFloor.of(new double[] {5, 5}))).isEqualTo("zero");
    assertThat(NoiseFloor.of(new double[] {5})).isNull();
    assertThat(NoiseFloor.word(null)).isEqualTo("unknown");
  }

  @Test
  void binsAreNowhereFurtherOffThanStated() {
    Random random = new Random(9);
    for (int i = 0; i < 100_000; i++) {
      double value = Math.exp(random.nextDouble() * 30);
      double binned = Precision.bin(value);
      assertThat(100 * Math.abs(binned / value - 1)).isLessThanOrEqualTo(Precision.BOUND_PERCENT);
      assertThat(Precision.bin(binned)).isEqualTo(binned);
    }
    assertThat(Precision.bin(0)).isZero();
  }
}
