package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stages, replicas, routing and the clock. */
class ClusterBehaviourTest {
  private static final int MS = 1_000_000;

  private static Scenario sarathi(int tokenBudget, int maxBatchSize) {
    return Scenario.with(new SarathiSpec(tokenBudget, maxBatchSize));
  }

  private static IterationTiming stage(
      int stage, long iteration, long startMs, long durationMs, int prefill, int kvBlocks) {
    // Both batches are formed at once, at 0.
    return new IterationTiming(
        0,
        stage,
        iteration,
        startMs * MS,
        durationMs * MS,
        1,
        prefill,
        0,
        kvBlocks,
        0L,
        0L,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  void batchesFollowEachOtherThroughThePipeline() {
    RunTrace trace = sarathi(10, 2).stages(2).run(atOnce(tokens(10, 1), tokens(10, 1)));
    // 20 ms a stage; both hold their block from the start. At 40 ms the last stage starts the
    // second
    // batch just before the first one, which ends there, gives its block back: Vidur's order.
    assertThat(trace.iterations())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("modelFlops", "mfuPercent")
        .containsExactly(
            stage(0, 0, 0, 20, 10, 2),
            stage(0, 1, 20, 20, 10, 2),
            stage(1, 0, 20, 20, 10, 2),
            stage(1, 1, 40, 20, 10, 2));
  }

  @Test
  void noMoreBatchesAreInFlightThanStages() {
    // Stage 0 takes 10 ms, stage 1 takes 20: the third batch waits for the first one's end at
    // 30 ms although stage 0 is free from 20 ms.
    RunTrace trace =
        sarathi(10, 2)
            .stages(2)
            .timedBy((batch, stage) -> stage == 0 ? 0.01 : 0.02)
            .run(atOnce(tokens(10, 1), tokens(10, 1), tokens(10, 1)));
    assertThat(
            trace.iterations().stream().filter(i -> i.stage() == 0).map(i -> i.startNanos() / MS))
        .containsExactly(0L, 10L, 30L);
    assertThat(trace.requests().get(2).endNanos()).isEqualTo(70L * MS);
  }

  @Test
  void aRequestIsInOneBatchAtATime() {
    // With a free slot and nobody else, the second chunk still waits for the end of the first.
    RunTrace trace = sarathi(10, 2).stages(2).run(atOnce(tokens(20, 1)));
    assertThat(trace.requests().get(0).endNanos()).isEqualTo(80L * MS);
  }

  @Test
  void replicasTakeRequestsInTurn() {
    RunTrace trace =
        sarathi(512, 128)
            .replicas(2)
            .run(arriving(at(0, 4, 1), at(0, 4, 1), at(1, 4, 1), at(2, 4, 1), at(2, 4, 1)));
    assertThat(trace.requests().stream().map(RequestTiming::replica))
        .containsExactly(0, 1, 0, 1, 0);
  }

  @Test
  void replicasDoNotWaitForEachOther() {
    RunTrace trace = sarathi(512, 128).replicas(2).run(atOnce(tokens(90, 1), tokens(10, 1)));
    assertThat(trace.requests().get(0).endNanos()).isEqualTo(100L * MS);
    assertThat(trace.requests().get(1).endNanos()).isEqualTo(20L * MS);
  }

  @Test
  void anIdleReplicaStartsARequestOnArrival() {
    RequestTiming timing = sarathi(512, 128).run(arriving(at(700, 40, 1))).requests().get(0);
    assertThat(timing.queueingNanos()).isZero();
    assertThat(timing.ttftNanos()).isEqualTo(50L * MS);
  }

  @Test
  void queueingLastsUntilTheRunningIterationEnds() {
    // The first iteration ends at 20 ms.
    Workload two = arriving(at(0, 10, 1), at(5, 10, 1));
    assertThat(sarathi(512, 128).run(two).requests().get(1).queueingNanos()).isEqualTo(15L * MS);
  }

  @Test
  void aTimeLimitLeavesRequestsUnfinished() {
    // Iterations end at 20, 31, 42 and 53 ms; the first event after 50 ms is the last one.
    RunTrace trace = sarathi(512, 128).limit(0.05).run(arriving(at(0, 10, 10), at(60, 10, 1)));
    RequestTiming cut = trace.requests().get(0);
    assertThat(cut.outcome()).isEqualTo(RequestOutcome.UNFINISHED);
    assertThat(cut.producedTokens()).isEqualTo(3);
    assertThat(trace.tokens().tokens(0)).isEqualTo(3);
    assertThat(cut.firstTokenNanos()).isEqualTo(20L * MS);
    assertThat(cut.endNanos()).isNull();
    RequestTiming late = trace.requests().get(1);
    assertThat(late.outcome()).isEqualTo(RequestOutcome.UNFINISHED);
    assertThat(late.replica()).isNull();
    assertThat(late.scheduledNanos()).isNull();
  }

  @Test
  void aTimeLimitAfterTheEndChangesNothing() {
    Workload one = atOnce(tokens(10, 10));
    assertThat(sarathi(512, 128).limit(100).run(one)).isEqualTo(sarathi(512, 128).run(one));
  }

  @Test
  void aPredictorThatGivesNoTimeIsRefused() {
    Scenario scenario = sarathi(512, 128).timedBy((batch, stage) -> 0);
    assertThatThrownBy(() -> scenario.run(atOnce(tokens(10, 1))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("predicted 0.0 s for iteration 0 (10 tokens). Maybe the profile has bad rows.");
  }

  @Test
  void recordingMoreDoesNotChangeTheTimingOfRequests() {
    Workload two = arriving(at(0, 600, 5), at(5, 10, 3));
    RunTrace all = sarathi(512, 128).run(two, Recording.TOKENS);
    RunTrace iterations = sarathi(512, 128).run(two, Recording.ITERATIONS);
    RunTrace requests = sarathi(512, 128).run(two, Recording.REQUESTS);
    assertThat(iterations.requests()).isEqualTo(all.requests());
    assertThat(requests.requests()).isEqualTo(all.requests());
    assertThat(iterations.iterations()).isEqualTo(all.iterations()).isNotEmpty();
    assertThat(requests.iterations()).isEmpty();
    assertThat(all.tokens()).isNotNull();
    assertThat(iterations.tokens()).isNull();
    assertThat(requests.tokens()).isNull();
    assertThat(all.iterationRequests()).isNotNull();
    assertThat(iterations.iterationRequests()).isNull();
    assertThat(requests.utilization()).isEqualTo(all.utilization()).isNotEmpty();
    assertThat(all.operators()).isEmpty();
  }

  @Test
  void impossibleSpecsAreRefused() {
    assertThatThrownBy(() -> sarathi(512, 128).replicas(0).spec())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("replicas (0) must be positive");
    assertThatThrownBy(() -> sarathi(512, 128).limit(0).spec())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeLimitSeconds (0.0) must be positive");
    assertThatThrownBy(() -> sarathi(512, 1).stages(2).spec())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxBatchSize (1) must be at least the pipeline stages (2)");
  }

  @Test
  void aWorkloadThatBeginsLateHasTheSameTimesLater() {
    // 19,000 days: at such a time a double of seconds is only exact to 240 ns.
    long lateNanos = 19_000L * 86_400 * 1_000_000_000;
    List<Request> early = new ArrayList<>();
    List<Request> late = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      long arrival = i * 7_123_457L;
      early.add(new Request(i, arrival, 30, 4));
      late.add(new Request(i, lateNanos + arrival, 30, 4));
    }
    Scenario scenario = Scenario.with(new SarathiSpec(64, 8));
    RunTrace first = scenario.run(new Workload(early));
    RunTrace second = scenario.run(new Workload(late));
    for (int i = 0; i < 50; i++) {
      assertThat(second.requests().get(i).endNanos())
          .isEqualTo(first.requests().get(i).endNanos() + lateNanos);
    }
  }

  @Test
  void aWorkloadLongerThanTheClockIsExactIsRefused() {
    Workload workload =
        new Workload(
            List.of(new Request(0, 0, 8, 2), new Request(1, 3_000_000_000_000_000L, 8, 2)));
    assertThatThrownBy(() -> Scenario.with(new SarathiSpec(64, 8)).run(workload))
        .hasMessage(
            "the workload's arrivals span 3000000 s, more than the 2251799 s that are simulated"
                + " exactly. Maybe cut it or lower time_scale.");
  }
}
