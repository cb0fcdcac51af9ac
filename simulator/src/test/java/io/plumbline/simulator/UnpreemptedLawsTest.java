package io.plumbline.simulator;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.trace.run.RequestOutcome.COMPLETED;
import static io.plumbline.trace.run.RequestOutcome.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.FasterTransformerSpec;
import io.plumbline.simulator.batching.LightllmSpec;
import io.plumbline.simulator.batching.OrcaSpec;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds for the schedulers that start a request only where its memory is certain, over many
 * random small clusters and workloads.
 */
@Timeout(60)
class UnpreemptedLawsTest {

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void orcaRunsEveryRequestIfTheLongestFits(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    assertLaws(
        random,
        resized(Scenario.with(new OrcaSpec(random.maxBatchSize)), random),
        request -> longestFits(random));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void fasterTransformerRunsEveryRequestIfTheLongestFits(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    assertLaws(
        random,
        resized(Scenario.with(new FasterTransformerSpec(random.maxBatchSize)), random),
        request -> longestFits(random));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void lightllmRunsEveryRequestThatFitsAlone(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    int blocks = random.blocks * random.blockTokens;
    Scenario scenario =
        Scenario.with(new LightllmSpec(random.tokenBudget, random.maxBatchSize, 1 + (int) seed % 4))
            .replicas(random.replicas)
            .cache(blocks, 1);
    assertLaws(
        random,
        scenario,
        request ->
            request.promptTokens() <= random.tokenBudget
                && Math.max(request.totalTokens() - 1, request.promptTokens() + 1) < blocks);
  }

  private static Scenario resized(Scenario scenario, RandomScenario random) {
    return scenario
        .stages(random.stages)
        .replicas(random.replicas)
        .cache(random.blocks, random.blockTokens);
  }

  private static boolean longestFits(RandomScenario random) {
    long needed = (random.workload.maxTotalTokens() + random.blockTokens - 1) / random.blockTokens;
    return needed <= random.blocks;
  }

  private static void assertLaws(
      RandomScenario random, Scenario scenario, Predicate<Request> fits) {
    RunTrace trace = scenario.run(random.workload);
    long prompts = 0;
    long decodes = 0;
    for (RequestTiming timing : trace.requests()) {
      boolean runs = fits.test(random.workload.request(timing.requestId()));
      assertThat(timing.outcome())
          .as("%s of %s", timing, random)
          .isEqualTo(runs ? COMPLETED : REJECTED);
      assertThat(timing.preemptions()).isZero();
      if (runs) {
        assertThat(trace.tokens().tokens(timing.requestId())).isEqualTo(timing.outputTokens());
        prompts += timing.promptTokens();
        decodes += timing.outputTokens() - 1;
      }
    }
    long prefilled = 0;
    long decoded = 0;
    for (IterationTiming iteration : trace.iterations()) {
      assertThat(iteration.batchSize()).isLessThanOrEqualTo(random.maxBatchSize);
      if (iteration.stage() == 0) {
        prefilled += iteration.prefillTokens();
        decoded += iteration.decodeTokens();
      }
    }
    assertThat(prefilled).isEqualTo(prompts);
    assertThat(decoded).isEqualTo(decodes);
  }
}
