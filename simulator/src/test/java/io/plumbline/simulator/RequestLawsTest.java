package io.plumbline.simulator;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static io.plumbline.trace.run.RequestOutcome.COMPLETED;
import static io.plumbline.trace.run.RequestOutcome.REJECTED;
import static io.plumbline.trace.run.RequestOutcome.UNFINISHED;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the requests of every run, over many random small clusters and workloads. */
@Timeout(60)
class RequestLawsTest {

  static LongStream seeds() {
    return LongStream.range(0, 400);
  }

  @Test
  void theSeedsCoverWhatTheLawsAreAbout() {
    int preemptions = 0;
    int rejections = 0;
    int sarathi = 0;
    int pipelines = 0;
    for (long seed : seeds().toArray()) {
      RandomScenario random = new RandomScenario(seed, STANDARD);
      RunTrace trace = random.run();
      preemptions += trace.requests().stream().mapToInt(RequestTiming::preemptions).sum();
      rejections += trace.count(REJECTED);
      sarathi += random.sarathi ? 1 : 0;
      pipelines += random.stages > 1 ? 1 : 0;
    }
    assertThat(preemptions).isGreaterThan(500);
    assertThat(rejections).isGreaterThan(200);
    assertThat(sarathi).isBetween(140, 260);
    assertThat(pipelines).isGreaterThan(200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyRequestThatFitsIsCompletedAndEveryOtherRejected(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    for (RequestTiming timing : random.run().requests()) {
      assertThat(timing.outcome())
          .as("%s of %s", timing, random)
          .isEqualTo(
              random.fits(random.workload.request(timing.requestId())) ? COMPLETED : REJECTED);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyRequestHasOneOutcomeWheneverTheRunIsCut(long seed) {
    for (Compatibility compatibility : Compatibility.values()) {
      RandomScenario random = new RandomScenario(seed, compatibility);
      random.scenario.limit(0.05 + 0.001 * seed);
      RunTrace trace = random.run();
      assertThat(trace.count(COMPLETED) + trace.count(REJECTED) + trace.count(UNFINISHED))
          .isEqualTo(random.workload.size());
      for (RequestTiming timing : trace.requests()) {
        assertThat(timing.endNanos() != null).isEqualTo(timing.outcome() == COMPLETED);
        assertThat(timing.producedTokens()).isEqualTo(trace.tokens().tokens(timing.requestId()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aCompletedRequestHasExactlyItsTokensAtRisingTimes(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    RunTrace trace = random.run();
    for (RequestTiming timing : trace.requests()) {
      int id = timing.requestId();
      if (timing.outcome() != COMPLETED) {
        assertThat(trace.tokens().tokens(id)).isZero();
        continue;
      }
      assertThat(timing.producedTokens()).isEqualTo(timing.outputTokens());
      assertThat(trace.tokens().tokens(id)).as("%s", random).isEqualTo(timing.outputTokens());
      for (int k = 1; k < timing.outputTokens(); k++) {
        assertThat(trace.tokens().nanos(id, k)).isGreaterThan(trace.tokens().nanos(id, k - 1));
      }
      assertThat(trace.tokens().nanos(id, 0)).isEqualTo(timing.firstTokenNanos());
      assertThat(trace.tokens().nanos(id, timing.outputTokens() - 1)).isEqualTo(timing.endNanos());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void causesComeBeforeTheirEffects(long seed) {
    for (Compatibility compatibility : Compatibility.values()) {
      for (RequestTiming timing : new RandomScenario(seed, compatibility).run().requests()) {
        if (timing.outcome() == COMPLETED) {
          assertThat(timing.scheduledNanos()).isGreaterThanOrEqualTo(timing.arrivalNanos());
          assertThat(timing.firstTokenNanos()).isGreaterThan(timing.scheduledNanos());
          assertThat(timing.endNanos()).isGreaterThanOrEqualTo(timing.firstTokenNanos());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void tokensAreConserved(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    RunTrace trace = random.run();
    long prefilled = 0;
    long decoded = 0;
    for (IterationTiming iteration : trace.iterations()) {
      if (iteration.stage() == 0) {
        prefilled += iteration.prefillTokens();
        decoded += iteration.decodeTokens();
      }
    }
    long prompts = 0;
    long decodes = 0;
    int preemptions = 0;
    for (RequestTiming timing : trace.requests()) {
      if (timing.outcome() == COMPLETED) {
        prompts += timing.promptTokens();
        decodes += timing.outputTokens() - 1;
        preemptions += timing.preemptions();
      }
    }
    if (preemptions == 0) {
      assertThat(prefilled).as("%s", random).isEqualTo(prompts);
      assertThat(decoded).isEqualTo(decodes);
    } else {
      // A restart does work again; a prefill after a restart yields a token that needs no decode.
      assertThat(prefilled).as("%s", random).isGreaterThan(prompts);
      assertThat(decoded).isBetween(decodes - preemptions, decodes);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theCacheIsEmptyWhenAllRequestsHaveEnded(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    Cluster cluster = random.scenario.cluster(random.workload, Recorder.NONE);
    for (int replica = 0; replica < random.replicas; replica++) {
      assertThat(cluster.kvBlocksUsed(replica)).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSameInputsGiveTheSameTrace(long seed) {
    for (Compatibility compatibility : Compatibility.values()) {
      assertThat(new RandomScenario(seed, compatibility).run())
          .isEqualTo(new RandomScenario(seed, compatibility).run());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void requestsTakeReplicasInTurnAndStartThereInOrderOfArrival(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    RunTrace trace = random.run();
    long[] lastStart = new long[random.replicas];
    for (RequestTiming timing : trace.requests()) {
      int replica = timing.requestId() % random.replicas;
      assertThat(timing.replica()).isEqualTo(replica);
      if (timing.scheduledNanos() != null) {
        assertThat(timing.scheduledNanos()).isGreaterThanOrEqualTo(lastStart[replica]);
        lastStart[replica] = timing.scheduledNanos();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void withoutPressureOnMemoryBothBehavioursAreTheSame(long seed) {
    RandomScenario standard = new RandomScenario(seed, STANDARD);
    RandomScenario vidur = new RandomScenario(seed, VIDUR);
    standard.scenario.cache(10_000, 16);
    vidur.scenario.cache(10_000, 16);
    boolean allFitTheBudget =
        standard.workload.requests().stream()
            .mapToInt(Request::promptTokens)
            .allMatch(prompt -> standard.sarathi || prompt <= standard.tokenBudget);
    if (allFitTheBudget) {
      RunTrace right = standard.run();
      RunTrace original = vidur.run();
      assertThat(right.requests()).isEqualTo(original.requests());
      assertThat(right.tokens()).isEqualTo(original.tokens());
      assertThat(right.iterationRequests()).isEqualTo(original.iterationRequests());
      // They count the arithmetic of the model in different ways.
      assertThat(right.iterations())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("modelFlops", "mfuPercent")
          .isEqualTo(original.iterations());
    }
  }
}
