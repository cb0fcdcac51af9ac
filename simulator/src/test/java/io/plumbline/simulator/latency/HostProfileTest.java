package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HostProfileTest {

  @Test
  void hostTimesAreReadBetweenMeasuredBatchSizesAndAreNothingWhereNotMeasured() {
    OperatorProfile profile =
        Profiles.of(
            Map.of(
                TokenOperator.ADD,
                Profiles.curve(8, 2, 16, 4),
                HostOperator.SCHEDULE,
                Profiles.curve(8, 2, 16, 4)));
    InterpolatedTimes times =
        new InterpolatedTimes(profile, ProfiledSpec.defaults(), new TableLimits(8, 8, 64));
    assertThat(times.hostOperatorMs(HostOperator.SCHEDULE, 12)).isEqualTo(3);
    assertThat(times.hostOperatorMs(HostOperator.RAY_COMM_TIME, 12)).isZero();
  }
}
