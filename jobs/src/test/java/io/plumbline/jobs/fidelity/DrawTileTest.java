package io.plumbline.jobs.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Draws side by side against draws one by one, and values gathered in parts against all at once.
 */
class DrawTileTest {
  private static final double[] FRACTIONS = {0.5, 0.9, 0.95, 0.99};
  private static final int GROUPS = 40;

  private static Sample sample(Random random, int size, int repeats) {
    CountedValues values = new CountedValues(1);
    for (int i = 0; i < size; i++) {
      int unit = random.nextInt(GROUPS * repeats);
      values.add(random.nextInt(50) - 10 + random.nextInt(2) / 4.0, unit, 1 + random.nextInt(3));
    }
    return values.sample();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 63, 64, 65, 1000})
  void aTileGivesWhatItsDrawsGiveOneByOne(int size) {
    Random random = new Random(size);
    Sample reference = sample(random, size, 2);
    Sample simulated = sample(random, size, 1);
    Distances distances = new Distances(reference, simulated);
    DrawTile tile = DrawTile.next(new Resampling(3, GROUPS, 2, 1), 50);
    double[] referenceTotals = reference.totals(tile.reference(), 50);
    double[] simulatedTotals = simulated.totals(tile.simulated(), 50);
    double[][] statistics =
        DrawnStatistics.of(reference, FRACTIONS, tile.reference(), referenceTotals);
    double[][] apart = distances.of(tile, referenceTotals, simulatedTotals);
    Resampling oneByOne = new Resampling(3, GROUPS, 2, 1);
    for (int d = 0; d < 50; d++) {
      Resampling.Draw draw = oneByOne.next();
      double[] expected = reference.statistics(FRACTIONS, draw.reference());
      for (int s = 0; s < expected.length; s++) {
        assertThat((Double) statistics[s][d]).isEqualTo((Double) expected[s]);
      }
      long ofReference = reference.total(draw.reference());
      long ofSimulated = simulated.total(draw.simulated());
      Distances.Pair pair = distances.of(draw, ofReference, ofSimulated);
      assertIsAbout(apart[0][d], pair.wasserstein1());
      assertIsAbout(apart[1][d], pair.kolmogorovSmirnov());
    }
  }

  private static void assertIsAbout(double found, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(found).isNaN();
    } else {
      assertThat(found).isCloseTo(expected, within(1e-12 * Math.max(1, expected)));
    }
  }

  @Test
  void valuesAreInOrderAndCountedOnceInWhicheverOrderTheyCame() {
    CountedValues values = new CountedValues(1);
    values.add(2.5, 300, 1);
    values.add(-1, 7, 1);
    values.add(2.5, 1, 2);
    values.add(0, 0, 1);
    values.add(-3e9, 0, 1);
    values.add(2.5, 300, 4);
    Sample sample = values.sample();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < sample.size(); i++) {
      found.add(sample.value(i) + " " + sample.unit(i) + " " + sample.count(i));
    }
    assertThat(found).containsExactly("-3.0E9 0 1", "-1.0 7 1", "0.0 0 1", "2.5 1 2", "2.5 300 5");
  }

  @Test
  void binsCountedInPartsAreThoseOfAllValues() {
    Random random = new Random(2);
    CountedValues all = new CountedValues(1);
    GroupedBins[] parts = {new GroupedBins(), new GroupedBins()};
    for (int i = 0; i < 20_000; i++) {
      double value = i % 100 == 0 ? 0 : Math.exp(20 * random.nextDouble()) - 1.5;
      int group = random.nextInt(SampleTable.GROUPS);
      all.add(Precision.bin(value), group, 1);
      parts[i % 2].add(value, group, 1);
    }
    CountedValues drained = new CountedValues(1);
    parts[0].drainTo(drained);
    drained.addTo(parts[1]);
    CountedValues together = new CountedValues(1);
    parts[1].drainTo(together);
    Sample expected = all.sample();
    Sample found = together.sample();
    assertThat(found.size()).isEqualTo(expected.size());
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.value(i)).isEqualTo(expected.value(i));
      assertThat(found.unit(i)).isEqualTo(expected.unit(i));
      assertThat(found.count(i)).isEqualTo(expected.count(i));
    }
  }

  /** Skewed times and predictions of them that are 3 % slower and err on their own. */
  private static SeriesScore score(int requests, int groups, boolean binned) {
    Random random = new Random(4);
    CountedValues reference = new CountedValues(requests);
    CountedValues simulated = new CountedValues(requests);
    for (int request = 0; request < requests; request++) {
      double time = 1e7 * Math.exp(0.5 * random.nextGaussian());
      double predicted = 1.03 * time * Math.exp(0.1 * random.nextGaussian());
      reference.add(binned ? Precision.bin(time) : time, request % groups, 1);
      simulated.add(binned ? Precision.bin(predicted) : predicted, request % groups, 1);
    }
    return SeriesScore.of(
        new SeriesScore.Shape(0, "ttft", groups, 1, 1),
        reference.sample(),
        simulated.sample(),
        new ScoringRules(1, 2000, 95, 5, 9));
  }

  /** Where both can be done, bins move no end of an interval by more than they move a value. */
  @Test
  void intervalsOfBinsAreThoseOfExactValuesWithinTheBound() {
    SeriesScore exact = score(20_000, SampleTable.GROUPS, false);
    SeriesScore binned = score(20_000, SampleTable.GROUPS, true);
    double bound = 2.1 * Precision.BOUND_PERCENT;
    for (int s = 0; s < SeriesScore.STATISTICS.size(); s++) {
      Interval of = exact.statistics().get(s).percent();
      Interval found = binned.statistics().get(s).percent();
      assertThat(found.low()).isCloseTo(of.low(), within(bound));
      assertThat(found.high()).isCloseTo(of.high(), within(bound));
    }
    assertThat(binned.wasserstein1())
        .isCloseTo(exact.wasserstein1(), within(2 * 2e7 * Precision.BOUND_PERCENT / 100));
  }

  /** Where both can be done, drawing groups gives intervals as wide as drawing single requests. */
  @Test
  void intervalsOfGroupsAreAsWideAsThoseOfSingleRequests() {
    SeriesScore single = score(8_000, 8_000, false);
    SeriesScore grouped = score(8_000, SampleTable.GROUPS, false);
    // The extreme percentile has 80 values above it, so its width is the least certain.
    double[] tolerated = {0.15, 0.15, 0.15, 0.2, 0.35};
    for (int s = 0; s < tolerated.length; s++) {
      Interval of = single.statistics().get(s).percent();
      Interval found = grouped.statistics().get(s).percent();
      double ratio = (found.high() - found.low()) / (of.high() - of.low());
      assertThat(ratio).as(SeriesScore.STATISTICS.get(s)).isCloseTo(1, within(tolerated[s]));
    }
  }

  /**
   * A bootstrap percentile of n sorted values is one of them, whose rank is binomial: without a
   * draw, P(result at most the j-th) = P(Binomial(n, j/n) > k) for the k-th from 0.
   */
  @Test
  void theIntervalOfAMedianIsThatOfItsBinomialRank() {
    int n = 1001;
    CountedValues values = new CountedValues(n);
    CountedValues constant = new CountedValues(n);
    for (int i = 0; i < n; i++) {
      values.add(i + 1, i, 1);
      constant.add(1, i, 1);
    }
    SeriesScore score =
        SeriesScore.of(
            new SeriesScore.Shape(0, "ttft", n, 1, 1),
            constant.sample(),
            values.sample(),
            new ScoringRules(1, 8000, 95, 5, 9));
    Interval drawn = score.statistics().get(1).signed();
    assertThat(drawn.low() + 1).isCloseTo(rankOfMedian(n, 0.025), within(2.5));
    assertThat(drawn.high() + 1).isCloseTo(rankOfMedian(n, 0.975), within(2.5));
  }

  private static int rankOfMedian(int n, double probability) {
    for (int j = 1; j < n; j++) {
      if (1 - new BinomialDistribution(n, (double) j / n).cumulativeProbability(n / 2)
          >= probability) {
        return j;
      }
    }
    return n;
  }
}
