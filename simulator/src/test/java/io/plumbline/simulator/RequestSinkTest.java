package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are handed on are those that a trace would have, each once. */
class RequestSinkTest {
  private static final ExecutionTimePredictor TIMES =
      (batch, stage) -> 0.01 + 0.001 * batch.totalTokens();

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSinkGetsTheRowsOfTheTrace(long seed) {
    RandomV1Scenario random = new RandomV1Scenario(seed);
    SimulationSpec spec = random.scenario.limit(seed % 3 == 0 ? 0.3 : 1000).spec();
    List<RequestTiming> handedOn = new ArrayList<>();
    RunTrace rest =
        Simulator.run(spec, random.workload, List.of(TIMES), Recording.ITERATIONS, handedOn::add);
    RunTrace whole = Simulator.run(spec, random.workload, TIMES, Recording.ITERATIONS);
    assertThat(rest.requests()).isEmpty();
    assertThat(rest.iterations()).isEqualTo(whole.iterations());
    assertThat(rest.utilization()).isEqualTo(whole.utilization());
    assertThat(handedOn)
        .filteredOn(r -> r.outcome() == RequestOutcome.COMPLETED)
        .as("requests come as they end")
        .isSortedAccordingTo(Comparator.comparing(RequestTiming::endNanos));
    handedOn.sort(Comparator.comparingInt(RequestTiming::requestId));
    assertThat(handedOn).isEqualTo(whole.requests());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TOKENS", "OPERATORS"})
  void tokensAreNotHandedOn(Recording recording) {
    RandomV1Scenario random = new RandomV1Scenario(1);
    assertThatThrownBy(
            () ->
                Simulator.run(
                    random.scenario.spec(),
                    random.workload,
                    List.of(TIMES),
                    recording,
                    request -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "recording (%s) keeps tokens of requests that are handed on. Maybe record iterations.",
            recording);
  }
}
