package io.plumbline.reference.profiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimeStatsTest {
  @Test
  void statisticsAreThoseOfVidursFilesInMilliseconds() {
    // 1, 2, 3, 10 ms: mean 4, median 2.5, variance (9 + 4 + 1 + 36) / 4 = 12.5.
    TimeStats stats = TimeStats.ofNanos(List.of(3_000_000L, 1_000_000L, 10_000_000L, 2_000_000L));
    assertThat(stats.min()).isEqualTo(1);
    assertThat(stats.max()).isEqualTo(10);
    assertThat(stats.mean()).isEqualTo(4);
    assertThat(stats.median()).isEqualTo(2.5);
    assertThat(stats.std()).isEqualTo(Math.sqrt(12.5), within(1e-12));
  }

  @Test
  void theMedianOfAnOddNumberIsTheMiddleOne() {
    assertThat(TimeStats.ofNanos(List.of(9_000_000L, 1_000_000L, 2_000_000L)).median())
        .isEqualTo(2);
  }

  @Test
  void partsAddUp() {
    TimeStats sum = new TimeStats(1, 4, 2, 2, 3).plus(new TimeStats(10, 40, 20, 25, 4));
    assertThat(sum).isEqualTo(new TimeStats(11, 44, 22, 27, 5));
  }

  @Test
  void aFewInterruptedTimingsDoNotMakeAMedianUnsure() {
    double[] calm = {100, 101, 99, 100, 102, 98, 100, 101, 99};
    double[] interrupted = {100, 101, 99, 100, 102, 98, 100, 5000, 9000};
    double[] wild = {50, 100, 150, 60, 140, 90, 110, 75, 125};
    // Deviations of the calm ones: 0 0 0 1 1 1 1 2 2, so 1.2533 * 1.4826 * 1 / 3 / 100.
    assertThat(TimeStats.relativeErrorOfMedian(calm)).isEqualTo(0.006194, within(1e-5));
    assertThat(TimeStats.relativeErrorOfMedian(interrupted)).isLessThan(0.01);
    assertThat(TimeStats.relativeErrorOfMedian(wild)).isGreaterThan(0.1);
  }

  @Test
  void nothingHasNoStatistics() {
    assertThatThrownBy(() -> TimeStats.ofNanos(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no timings");
  }
}
