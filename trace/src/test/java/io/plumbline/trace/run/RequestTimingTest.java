package io.plumbline.trace.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RequestTimingTest {

  private static RequestTiming timing(
      Long scheduled, Long firstToken, Long end, int produced, RequestOutcome outcome) {
    return new RequestTiming(7, 0, 100, scheduled, firstToken, end, 10, 5, produced, 0, outcome);
  }

  private static RequestTiming unfinished(Long scheduled, Long firstToken, Long end) {
    return timing(scheduled, firstToken, end, 0, RequestOutcome.UNFINISHED);
  }

  @Test
  void metricsOfACompletedRequestAreDifferencesOfItsTimes() {
    RequestTiming timing = timing(130L, 200L, 600L, 5, RequestOutcome.COMPLETED);
    assertThat(timing.queueingNanos()).isEqualTo(30); // 130 - 100
    assertThat(timing.ttftNanos()).isEqualTo(100); // 200 - 100: queueing included
    assertThat(timing.e2eNanos()).isEqualTo(500); // 600 - 100
    assertThat(timing.tpotNanos()).isEqualTo(100.0); // (600 - 200) / (5 - 1)
  }

  @Test
  void timePerOutputTokenIsNotRounded() {
    // (600 - 200) / (4 - 1)
    assertThat(timing(130L, 200L, 600L, 4, RequestOutcome.COMPLETED).tpotNanos())
        .isEqualTo(400 / 3.0);
  }

  @Test
  void oneTokenHasNoTimePerOutputToken() {
    assertThat(timing(130L, 200L, 200L, 1, RequestOutcome.COMPLETED).tpotNanos()).isNull();
  }

  @Test
  void aRequestThatNeverRanHasNoMetrics() {
    RequestTiming timing = timing(null, null, null, 0, RequestOutcome.REJECTED);
    assertThat(timing.queueingNanos()).isNull();
    assertThat(timing.ttftNanos()).isNull();
    assertThat(timing.tpotNanos()).isNull();
    assertThat(timing.e2eNanos()).isNull();
  }

  @Test
  void aRequestThatStoppedHalfwayHasTheMetricsItReached() {
    RequestTiming timing = timing(130L, 200L, null, 3, RequestOutcome.UNFINISHED);
    assertThat(timing.queueingNanos()).isEqualTo(30);
    assertThat(timing.ttftNanos()).isEqualTo(100);
    assertThat(timing.tpotNanos()).isNull();
    assertThat(timing.e2eNanos()).isNull();
  }

  @Test
  void allTimesMayBeEqual() {
    assertThat(timing(100L, 100L, 100L, 1, RequestOutcome.COMPLETED).e2eNanos()).isZero();
  }

  @Test
  void effectsBeforeTheirCausesAreRefused() {
    assertThatThrownBy(() -> unfinished(99L, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Request (7): scheduledNanos (99) is before its arrivalNanos (100)");
    assertThatThrownBy(() -> unfinished(130L, 129L, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Request (7): firstTokenNanos (129) is before its scheduledNanos (130)");
    assertThatThrownBy(() -> unfinished(130L, 200L, 199L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Request (7): endNanos (199) is before its firstTokenNanos (200)");
  }

  @Test
  void causalityHoldsAcrossTimesThatAreUnknown() {
    assertThatThrownBy(() -> unfinished(null, 99L, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Request (7): firstTokenNanos (99) is before its arrivalNanos (100)");
    assertThatThrownBy(() -> unfinished(130L, null, 129L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Request (7): endNanos (129) is before its scheduledNanos (130)");
    assertThatThrownBy(() -> unfinished(null, null, 99L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Request (7): endNanos (99) is before its arrivalNanos (100)");
  }

  @Test
  void aCompletedRequestHasAnEnd() {
    assertThatThrownBy(() -> timing(130L, 200L, null, 5, RequestOutcome.COMPLETED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Request (7) is COMPLETED but has no endNanos");
  }
}
