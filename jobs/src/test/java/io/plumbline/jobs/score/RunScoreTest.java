package io.plumbline.jobs.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A request that took 100 ns to its first token and 200 to its last. The simulation has the same
 * times from the engine's queue, which it reached 40 ns after its arrival.
 */
class RunScoreTest {
  private static final List<RequestTiming> MEASURED = List.of(timing(null, 100, 200));
  private static final RunTrace SIMULATED =
      new RunTrace(
          List.of(timing(40L, 140, 240)),
          List.of(),
          null,
          List.of(),
          null,
          List.of(),
          List.of(),
          0.25);

  private static RequestTiming timing(Long queued, long firstToken, long end) {
    return new RequestTiming(
        0,
        0,
        0,
        queued,
        firstToken,
        end,
        8,
        2,
        2,
        0,
        RequestOutcome.COMPLETED,
        null,
        null,
        null,
        queued);
  }

  @Test
  void timesFromTheQueueAreComparedWithTimesFromTheQueue() {
    RunScore score = RunScore.of("run", MEASURED, true, SIMULATED);
    assertThat(score.ttft().mean()).isZero();
    assertThat(score.e2e().mean()).isZero();
    assertThat(score.extrapolatedFraction()).isEqualTo(0.25);
  }

  @Test
  void timesFromTheArrivalAreComparedWithTimesFromTheArrival() {
    RunScore score = RunScore.of("run", MEASURED, false, SIMULATED);
    assertThat(score.ttft().signedMean()).isCloseTo(40, within(1e-9));
    assertThat(score.e2e().signedMean()).isCloseTo(20, within(1e-9));
    assertThat(score.tpot().mean()).isZero();
  }
}
