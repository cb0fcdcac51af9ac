package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.RandomV1Scenario.LinearTimes;
import io.plumbline.simulator.batching.CudagraphMode;
import io.plumbline.simulator.batching.VllmV1Policy;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import org.junit.jupiter.api.Test;

/**
 * Times of vLLM v1 on cases small enough to work out by hand; its steps are in the ledgers of
 * {@code conf/conformance/vllm-v1}.
 */
class VllmV1SchedulingTest {

  private static VllmV1Spec spec(boolean async, Integer maxModelLen) {
    return new VllmV1Spec(
        8,
        64,
        0,
        true,
        VllmV1Policy.FCFS,
        true,
        false,
        async,
        maxModelLen,
        CudagraphMode.FULL_AND_PIECEWISE,
        null,
        false);
  }

  private static Scenario scenario(boolean async, double hostSeconds) {
    return Scenario.with(spec(async, null)).cache(100, 4).timedBy(new LinearTimes(hostSeconds));
  }

  /** Ends of the tokens of a request with a prompt of 10 and 4 tokens of output, in ms. */
  private static double[] tokenMillis(boolean async, double hostSeconds) {
    RunTrace trace = scenario(async, hostSeconds).run(atOnce(tokens(10, 4)));
    double[] millis = new double[4];
    for (int k = 0; k < 4; k++) {
      millis[k] = trace.tokens().nanos(0, k) / 1e6;
    }
    return millis;
  }

  @Test
  void withoutAsyncSchedulingAStepTakesTheHostAndTheDevices() {
    // Host 3 ms; devices 10 + 10 ms for the prompt, 10 + 1 ms for a token.
    assertThat(tokenMillis(false, 0.003)).containsExactly(23, 37, 51, 65);
  }

  @Test
  void withAsyncSchedulingAStepTakesTheLongerOfBoth() {
    // The first step waits for its host; every other was prepared while the one before it ran.
    assertThat(tokenMillis(true, 0.003)).containsExactly(23, 34, 45, 56);
  }

  @Test
  void aHostSlowerThanTheDevicesSetsThePace() {
    // Steps 0 and 1 are prepared until 15 and 30 ms. Step 0 runs until 35 and step 1 until 46. The
    // third is scheduled when step 0 has ended: ready at 50, done at 61; the fourth when step 1 has
    // ended and the host is free: 50 + 15 + 11 = 76.
    assertThat(tokenMillis(true, 0.015)).containsExactly(35, 46, 61, 76);
    // One after the other: 15 + 20, then 15 + 11 each.
    assertThat(tokenMillis(false, 0.015)).containsExactly(35, 61, 87, 113);
  }

  @Test
  void withAsyncSchedulingANewRequestMissesTheStepThatIsPreparedAlready() {
    // 0 decodes at 20 ms + 11 ms a step. 1 comes at 25 ms, in the step from 20 to 31, when that
    // from 31 to 42 is formed: its prompt runs from 42, with a decode: 10 + 5 ms. Without async
    // scheduling it runs from 31.
    RequestTiming async = second(scenario(true, 0));
    assertThat(async.scheduledNanos()).isEqualTo(31_000_000L);
    assertThat(async.firstTokenNanos()).isEqualTo(57_000_000L);
    RequestTiming sync = second(scenario(false, 0));
    assertThat(sync.scheduledNanos()).isEqualTo(31_000_000L);
    assertThat(sync.firstTokenNanos()).isEqualTo(46_000_000L);
  }

  private static RequestTiming second(Scenario scenario) {
    return scenario.run(arriving(at(0, 10, 20), at(25, 4, 1))).requests().get(1);
  }

  @Test
  void aPreemptedRequestKeepsItsFirstTokenAndCountsItsPreemptions() {
    // Four usable blocks, as in the ledger preemption_of_the_tail: prompts 10 + 14 ms, decodes 12,
    // then 0 alone twice 11, then 1 with all 9 tokens 19 and one more 11.
    RunTrace trace = scenario(false, 0).cache(5, 4).run(atOnce(tokens(7, 4), tokens(7, 4)));
    RequestTiming newest = trace.requests().get(1);
    assertThat(newest.preemptions()).isEqualTo(1);
    assertThat(newest.firstTokenNanos()).isEqualTo(24_000_000L);
    assertThat(trace.tokens().nanos(1, 1)).isEqualTo(36_000_000L);
    assertThat(trace.tokens().nanos(1, 2)).isEqualTo(77_000_000L);
    assertThat(newest.endNanos()).isEqualTo(88_000_000L);
    assertThat(newest.producedTokens()).isEqualTo(4);
  }

  @Test
  void aRequestBeyondMaxModelLenIsRejected() {
    RunTrace trace =
        Scenario.with(spec(false, 20)).cache(100, 4).run(atOnce(tokens(16, 4), tokens(16, 5)));
    assertThat(trace.requests())
        .extracting(RequestTiming::outcome)
        .containsExactly(RequestOutcome.COMPLETED, RequestOutcome.REJECTED);
  }

  @Test
  void aRequestThatNeedsMoreThanAllUsableBlocksIsRejected() {
    // Four usable blocks of four tokens hold 16, and the last token is never computed.
    RunTrace trace = scenario(false, 0).cache(5, 4).run(atOnce(tokens(16, 1), tokens(16, 2)));
    assertThat(trace.requests())
        .extracting(RequestTiming::outcome)
        .containsExactly(RequestOutcome.COMPLETED, RequestOutcome.REJECTED);
  }
}
