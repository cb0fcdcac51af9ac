package io.plumbline.simulator.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.capacity.RateSearch.Bracket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RateSearchTest {
  private static final RateSearch SEARCH = new RateSearch(0.01, 10_000, 0.025);

  @Test
  void aMonotoneCapacityIsFoundToTheTolerance_fromWhereverTheSearchBegins() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 1000; i++) {
      double capacity = Math.pow(10, -1.5 + 5 * random.nextDouble());
      double start = Math.pow(10, -2 + 6 * random.nextDouble());
      List<Double> probes = new ArrayList<>();
      RateSearch.RateTest test =
          rate -> {
            probes.add(rate);
            return rate <= capacity;
          };

      Bracket bracket = i % 2 == 0 ? SEARCH.from(start, test) : SEARCH.near(start, test);

      assertThat(bracket.isFound()).isTrue();
      assertThat(bracket.passing()).isLessThanOrEqualTo(capacity);
      assertThat(bracket.failing()).isGreaterThan(capacity);
      assertThat(bracket.failing() / bracket.passing()).isLessThanOrEqualTo(1.025);
      assertThat(probes).doesNotHaveDuplicates().contains(bracket.passing(), bracket.failing());
    }
  }

  @Test
  void aStartThatIsNearTakesFewProbes() {
    List<Double> probes = new ArrayList<>();
    SEARCH.near(
        5,
        rate -> {
          probes.add(rate);
          return rate <= 5.1;
        });
    // 5 passes; a step of 1.025^3 = 1.077 fails; two halvings leave a third of it each time.
    assertThat(probes).hasSize(4);
    assertThat(probes.get(1)).isCloseTo(5 * 1.0769, within(0.001));
  }

  @Test
  void whereNothingPassesOrNothingFailsTheBracketSaysSo() {
    Bracket none = SEARCH.from(64, rate -> false);
    assertThat(none.isFound()).isFalse();
    assertThat(none.passing()).isNaN();
    assertThat(none.failing()).isEqualTo(0.01);

    Bracket unbounded = SEARCH.from(64, rate -> true);
    assertThat(unbounded.isFound()).isFalse();
    assertThat(unbounded.passing()).isEqualTo(10_000);
    assertThat(unbounded.failing()).isNaN();
  }

  @Test
  void boundsThatLeaveNoRoomAreRefused() {
    assertThatThrownBy(() -> new RateSearch(2, 1, 0.1))
        .hasMessage("lowest (2.0) must be above 0 and below highest (1.0)");
    assertThatThrownBy(() -> new RateSearch(1, 2, 0))
        .hasMessage("tolerance (0.0) must be above 0 and at most 1");
  }
}
