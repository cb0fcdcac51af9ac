package io.plumbline.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProgressTest {
  @Test
  void theLineHasRateAndTimeLeft() {
    // 3 in 1.5 s = 2/s: 5 left take 2.5 s, which rounds to 3.
    assertThat(Progress.line(3, 8, "requests", 1.5, "12 in flight"))
        .isEqualTo("3/8 requests, 2.0/s, 12 in flight, about 3 s left");
  }

  @Test
  void beforeTheFirstAndAfterTheLast_nothingIsLeftToTell() {
    assertThat(Progress.line(0, 8, "runs", 2, "")).isEqualTo("0/8 runs, 0.0/s");
    assertThat(Progress.line(8, 8, "runs", 1.6, "")).isEqualTo("8/8 runs, 5.0/s");
  }

  /** A tenth of the runs were half of the work: as long again is left, not nine times as long. */
  @Test
  void timeLeftFollowsFromTheWorkWhereSomeTakeLonger() {
    assertThat(Progress.line(10, 100, "runs", 20, "", 0.5))
        .isEqualTo("10/100 runs, 0.5/s, about 20 s left");
    assertThat(Progress.line(10, 100, "runs", 20, "", 0)).isEqualTo("10/100 runs, 0.5/s");
  }
}
