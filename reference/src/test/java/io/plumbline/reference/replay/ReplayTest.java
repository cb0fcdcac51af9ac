package io.plumbline.reference.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTest {
  /** 100 token ids, 64 positions; nothing else of it matters to a replay. */
  private static final ModelSpec MODEL =
      new ModelSpec(
          "fake", 1, 1, 1, 2, 2, 2, 100, 64, true, true, true, false, false, 10_000, 1e-5);

  private final FakeMachine machine = new FakeMachine();

  @Test
  void times_areThoseOfOneRequestAtATimeInArrivalOrder() {
    // Request 0 arrives at 5: prefill 5..35 (3 x 10), decode ..42, ..49.
    // Request 1 arrives at 20, while 0 runs, and starts when it ends: prefill 49..69, decode ..76.
    // Request 2 arrives at 100, when the engine has been idle since 76: prefill 100..110.
    RunTrace trace =
        run(new Request(0, 5, 3, 3), new Request(1, 20, 2, 2), new Request(2, 100, 1, 1));

    assertThat(trace.requests())
        .containsExactly(
            completed(0, 5, 5, 35, 49, 3, 3),
            completed(1, 20, 49, 69, 76, 2, 2),
            completed(2, 100, 100, 110, 110, 1, 1));
    assertThat(trace.iterations())
        .containsExactly(
            iteration(0, 5, 30, 3, 0),
            iteration(1, 35, 7, 0, 1),
            iteration(2, 42, 7, 0, 1),
            iteration(3, 49, 20, 2, 0),
            iteration(4, 69, 7, 0, 1),
            iteration(5, 100, 10, 1, 0));
    assertThat(trace.tokens().nanos(0, 0)).isEqualTo(35);
    assertThat(trace.tokens().nanos(0, 1)).isEqualTo(42);
    assertThat(trace.tokens().nanos(0, 2)).isEqualTo(49);
    assertThat(trace.tokens().nanos(1, 0)).isEqualTo(69);
    assertThat(trace.tokens().nanos(1, 1)).isEqualTo(76);
    assertThat(trace.tokens().nanos(2, 0)).isEqualTo(110);
    // 49 - 20: what request 1 waited for request 0.
    assertThat(trace.requests().get(1).queueingNanos()).isEqualTo(29);
  }

  @Test
  void aRequestLongerThanTheModel_isRejectedAndCostsNoTime() {
    RunTrace trace =
        run(new Request(0, 0, 60, 5), new Request(1, 0, 60, 4), new Request(2, 0, 1, 1));

    assertThat(trace.requests().get(0).outcome()).isEqualTo(RequestOutcome.REJECTED);
    assertThat(trace.requests().get(0).scheduledNanos()).isNull();
    assertThat(trace.tokens().tokens(0)).isZero();
    assertThat(trace.requests().get(1).scheduledNanos()).isZero();
    assertThat(trace.count(RequestOutcome.COMPLETED)).isEqualTo(2);
  }

  @Test
  void prompts_dependOnSeedAndRequestOnly() {
    run(new Request(0, 0, 5, 1), new Request(1, 0, 8, 1));
    run(new Request(0, 0, 2, 1), new Request(1, 0, 8, 1));

    List<long[]> prompts = machine.prompts;
    assertThat(prompts.get(1)).isEqualTo(prompts.get(3));
    assertThat(prompts.get(0)).isNotEqualTo(Arrays.copyOf(prompts.get(1), 5));
    assertThat(Arrays.stream(prompts.get(1)).boxed()).allMatch(id -> id >= 0 && id < 100);
  }

  @Test
  void warmUp_servesTheFirstRequestsThatFit_startingOver() {
    Workload workload =
        new Workload(
            List.of(new Request(0, 0, 3, 2), new Request(1, 0, 64, 1), new Request(2, 0, 4, 2)));

    new Replay(machine, MODEL, workload, 1).warmUp(3);

    assertThat(machine.prompts).extracting(p -> p.length).containsExactly(3, 4, 3);
  }

  @Test
  void maxContextTokens_isTheLongestRequestThatFits() {
    Workload workload =
        new Workload(
            List.of(new Request(0, 0, 30, 10), new Request(1, 0, 64, 1), new Request(2, 0, 50, 3)));

    assertThat(Replay.maxContextTokens(MODEL, workload)).isEqualTo(53);
  }

  @Test
  void aWorkloadOfWhichNothingFits_isRefused() {
    Workload workload = new Workload(List.of(new Request(0, 0, 64, 1)));

    assertThatThrownBy(() -> Replay.maxContextTokens(MODEL, workload))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no request of %s fits into the 64 positions of model fake. Maybe use shorter requests or another model."
                .formatted(workload));
  }

  @Test
  void anEngineThatStopsEarly_failsTheRun() {
    machine.producing(1);

    assertThatThrownBy(() -> run(new Request(0, 0, 3, 4)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Request (0): the engine produced 3 tokens where 4 were asked for");
  }

  private RunTrace run(Request... requests) {
    Workload workload = new Workload(List.of(requests));
    RunCounts counts = new RunCounts();
    RunTrace trace = new Replay(machine, MODEL, workload, 1).run(machine, counts);
    assertThat(counts.done()).isEqualTo(requests.length);
    assertThat(counts.inFlight()).isZero();
    return trace;
  }

  private static RequestTiming completed(
      int id, long arrival, long scheduled, long first, long end, int prompt, int output) {
    return new RequestTiming(
        id, 0, arrival, scheduled, first, end, prompt, output, output, 0, RequestOutcome.COMPLETED);
  }

  private static IterationTiming iteration(
      int number, long start, long duration, int prefillTokens, int decodeTokens) {
    return new IterationTiming(0, 0, number, start, duration, 1, prefillTokens, decodeTokens, null);
  }
}
