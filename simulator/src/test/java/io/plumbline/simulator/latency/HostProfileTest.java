package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HostProfileTest {

  @Test
  void hostTimesAreReadBetweenMeasuredBatchSizesAndAreNothingWhereNotMeasured() {
    MeasuredGrid grid = new MeasuredGrid(new double[] {1}, new double[] {1}, new double[] {1});
    MeasuredCurve curve = new MeasuredCurve(new double[] {8, 16}, new double[] {2, 4});
    OperatorProfile profile =
        new OperatorProfile(
            Map.of(TokenOperator.ADD, curve),
            grid,
            grid,
            Map.of(HostOperator.SCHEDULE, curve),
            "hash");
    InterpolatedTimes times =
        new InterpolatedTimes(profile, ProfiledSpec.defaults(), new TableLimits(8, 8, 64));
    assertThat(times.hostOperatorMs(HostOperator.SCHEDULE, 12)).isEqualTo(3);
    assertThat(times.hostOperatorMs(HostOperator.RAY_COMM_TIME, 12)).isZero();
  }
}
