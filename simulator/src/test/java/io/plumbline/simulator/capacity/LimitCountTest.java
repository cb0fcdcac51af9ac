package io.plumbline.simulator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitCountTest {

  private static LimitCount count(double percentile, double limit, double... values) {
    LimitCount count = new LimitCount(percentile, limit);
    for (double value : values) {
      count.add(value);
    }
    return count;
  }

  /** Of 1, 2, 3, 4, 5 the P90 is at position 3.6: 4 + 0.6 * 1 = 4.6. */
  @ParameterizedTest
  @CsvSource({
    "90,4.6,true",
    "90,4.59,false",
    "50,3,true",
    "50,2.9,false",
    "100,5,true",
    "100,4.9,false"
  })
  void aPercentileLiesBetweenTwoValues(double percentile, double limit, boolean met) {
    assertThat(count(percentile, limit, 4, 1, 5, 2, 3).isMet()).isEqualTo(met);
  }

  @Test
  void whatNeverCameIsBeyondAnyLimit() {
    LimitCount count = count(50, 1e9, 1, 2);
    count.addMissing(1);
    // Sorted: 1, 2, infinite. The median is 2.
    assertThat(count.isMet()).isTrue();
    count.addMissing(1);
    // The median is half way to infinity.
    assertThat(count.isMet()).isFalse();
  }

  @Test
  void withoutValuesNothingIsTooLate() {
    assertThat(count(99, 1).isMet()).isTrue();
  }

  /** Of 1000 values the P99 is at 989.01, so 11 values above make position 989 one of them. */
  @Test
  void aPercentileIsLostOnceEnoughValuesAreAbove() {
    assertThat(LimitCount.lostFrom(1000, 99)).isEqualTo(11);
    assertThat(LimitCount.lostFrom(1, 50)).isEqualTo(1);
    // The maximum is lost with the first.
    assertThat(LimitCount.lostFrom(1000, 100)).isEqualTo(1);
  }
}
