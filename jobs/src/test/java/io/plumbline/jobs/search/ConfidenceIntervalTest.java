package io.plumbline.jobs.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ConfidenceIntervalTest {

  /** Mean 11, s = 1, t(0.975, 2) = 4.3027, half width 4.3027 / sqrt(3) = 2.4842. */
  @Test
  void theIntervalIsStudents() {
    ConfidenceInterval interval = ConfidenceInterval.of(new double[] {10, 11, 12});

    assertThat(interval.mean()).isEqualTo(11);
    assertThat(interval.lower()).isCloseTo(8.5158, within(1e-4));
    assertThat(interval.upper()).isCloseTo(13.4842, within(1e-4));
  }

  @Test
  void oneValueHasNone() {
    assertThat(ConfidenceInterval.of(new double[] {3}))
        .isEqualTo(new ConfidenceInterval(3, null, null));
  }
}
