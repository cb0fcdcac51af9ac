package io.plumbline.trace.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.trace.workload.ArrivalProcess.AllAtZero;
import io.plumbline.trace.workload.ArrivalProcess.FixedInterval;
import io.plumbline.trace.workload.ArrivalProcess.Poisson;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalProcessTest {
  private static final int DRAWS = 10_000;
  private static final double RATE = 2;

  /** Gaps between Poisson arrivals in seconds, the one before the first included. */
  private static double[] poissonGaps(long seed) {
    Poisson process = new Poisson(RATE);
    SplittableRandom random = new SplittableRandom(seed);
    double[] gaps = new double[DRAWS];
    long previous = 0;
    for (int i = 0; i < DRAWS; i++) {
      long next = process.nextNanos(i, previous, random);
      gaps[i] = (next - previous) / 1e9;
      previous = next;
    }
    return gaps;
  }

  @Test
  void poissonGapsFollowTheExponentialLawWhateverTheSeed() {
    int rejections = 0;
    for (long seed = 0; seed < 100; seed++) {
      // Kolmogorov-Smirnov at 1 % significance: 1.628 / sqrt(n).
      if (distanceFromExponentialLaw(poissonGaps(seed)) > 1.628 / Math.sqrt(DRAWS)) {
        rejections++;
      }
    }
    // A right process is rejected once in 100 seeds on average; 6 or more times in 0.05 % of cases.
    assertThat(rejections).isLessThan(6);
  }

  private static double distanceFromExponentialLaw(double[] gaps) {
    Arrays.sort(gaps);
    double distance = 0;
    for (int i = 0; i < DRAWS; i++) {
      double law = 1 - Math.exp(-RATE * gaps[i]);
      distance = Math.max(distance, Math.max(law - (double) i / DRAWS, (i + 1.0) / DRAWS - law));
    }
    return distance;
  }

  @Test
  void poissonGapsHaveTheMeanOfTheRate() {
    double sum = 0;
    for (long seed = 0; seed < 100; seed++) {
      sum += Arrays.stream(poissonGaps(seed)).sum();
    }
    // Mean and deviation are both 1 / rate = 0.5 s; 2.576 standard errors are 1 % significance.
    double gaps = 100.0 * DRAWS;
    assertThat(sum / gaps).isCloseTo(0.5, within(2.576 * 0.5 / Math.sqrt(gaps)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void poissonGapsDoNotDependOnThePrecedingOne(long seed) {
    double[] gaps = poissonGaps(seed);
    double covariance = 0;
    for (int i = 1; i < DRAWS; i++) {
      covariance += (gaps[i - 1] - 0.5) * (gaps[i] - 0.5);
    }
    // The lag-1 correlation of independent draws has standard error 1 / sqrt(n); 1 % significance.
    double correlation = covariance / (DRAWS - 1) / 0.25;
    assertThat(correlation).isCloseTo(0, within(2.576 / Math.sqrt(DRAWS)));
  }

  @Test
  void theTailOfThePoissonProcessIsNotCapped() {
    // Vidur cuts gaps at 3 means. Of 10 000 gaps, 10 000 * exp(-3) = 498 are longer; sd 22.
    long beyond = Arrays.stream(poissonGaps(1)).filter(gap -> gap > 3 / RATE).count();
    assertThat(beyond).isBetween(498L - 66, 498L + 66);
  }

  @Test
  void fixedIntervalsStartAtZeroAndDoNotDrift() {
    FixedInterval everyThird = new FixedInterval(1.0 / 3);
    assertThat(everyThird.nextNanos(0, 0, null)).isZero();
    assertThat(everyThird.nextNanos(1, 0, null)).isEqualTo(333_333_333L);
    // Three roundings would give 999 999 999.
    assertThat(everyThird.nextNanos(3, 666_666_667L, null)).isEqualTo(1_000_000_000L);
  }

  @Test
  void anOfflineBatchIsAllThereAtTheStart() {
    assertThat(new AllAtZero().nextNanos(99, 0, null)).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void impossibleRatesAreRefused(double rate) {
    assertThatThrownBy(() -> new Poisson(rate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("requestsPerSecond (" + rate + ") must be positive");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void impossibleIntervalsAreRefused(double interval) {
    assertThatThrownBy(() -> new FixedInterval(interval))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("intervalSeconds (" + interval + ") must be zero or more");
  }
}
