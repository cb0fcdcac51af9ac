package io.plumbline.simulator;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.trace.run.IterationRequests;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.Utilization;
import io.plumbline.trace.run.UtilizationMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the iterations of every run, over many random small clusters and workloads. */
@Timeout(60)
class IterationLawsTest {

  static LongStream seeds() {
    return LongStream.range(1000, 1100);
  }

  private static long end(IterationTiming iteration) {
    return iteration.startNanos() + iteration.durationNanos();
  }

  /** Iterations of one stage, in order of start. */
  private static List<IterationTiming> ofStage(RunTrace trace, int replica, int stage) {
    return trace.iterations().stream()
        .filter(i -> i.replica() == replica && i.stage() == stage)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void iterationsOfOneStageNeverOverlap(long seed) {
    for (Compatibility compatibility : Compatibility.values()) {
      RandomScenario random = new RandomScenario(seed, compatibility);
      RunTrace trace = random.run();
      for (int replica = 0; replica < random.replicas; replica++) {
        for (int stage = 0; stage < random.stages; stage++) {
          long free = 0;
          for (IterationTiming iteration : ofStage(trace, replica, stage)) {
            assertThat(iteration.startNanos()).as("%s", random).isGreaterThanOrEqualTo(free);
            free = end(iteration);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anIterationPassesAllStagesInOrderUnchanged(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    for (List<IterationTiming> passes : byIteration(random.run()).values()) {
      assertThat(passes).hasSize(random.stages);
      for (int stage = 0; stage < random.stages; stage++) {
        IterationTiming pass = passes.get(stage);
        assertThat(pass.stage()).isEqualTo(stage);
        assertThat(pass.replica()).isEqualTo(passes.get(0).replica());
        assertThat(pass.batchSize()).isEqualTo(passes.get(0).batchSize());
        assertThat(pass.prefillTokens()).isEqualTo(passes.get(0).prefillTokens());
        assertThat(pass.decodeTokens()).isEqualTo(passes.get(0).decodeTokens());
        if (stage > 0) {
          assertThat(pass.startNanos()).isGreaterThanOrEqualTo(end(passes.get(stage - 1)));
        }
      }
    }
  }

  private static Map<Long, List<IterationTiming>> byIteration(RunTrace trace) {
    Map<Long, List<IterationTiming>> passes = new TreeMap<>();
    for (IterationTiming iteration : trace.iterations()) {
      passes.computeIfAbsent(iteration.iteration(), unused -> new ArrayList<>()).add(iteration);
    }
    return passes;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void batchesInFlightAreAtMostTheStages(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    RunTrace trace = random.run();
    for (int replica = 0; replica < random.replicas; replica++) {
      List<IterationTiming> first = ofStage(trace, replica, 0);
      List<IterationTiming> last = ofStage(trace, replica, random.stages - 1);
      for (int i = random.stages; i < first.size(); i++) {
        // Batches stay in order, so the i-th starts after the (i - stages)-th has left.
        assertThat(first.get(i).startNanos())
            .isGreaterThanOrEqualTo(end(last.get(i - random.stages)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void kvBlocksInUseAreNeverMoreThanThereAre(long seed) {
    for (Compatibility compatibility : Compatibility.values()) {
      RandomScenario random = new RandomScenario(seed, compatibility);
      for (IterationTiming iteration : random.run().iterations()) {
        assertThat(iteration.kvBlocksUsed()).isBetween(1, random.blocks);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void batchesKeepTheirLimits(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    RunTrace trace = random.run();
    boolean preempted = trace.requests().stream().anyMatch(r -> r.preemptions() > 0);
    for (IterationTiming iteration : trace.iterations()) {
      assertThat(iteration.batchSize())
          .as("%s", random)
          .isBetween(1, random.maxBatchSize / random.stages);
      assertThat(iteration.decodeTokens()).isLessThanOrEqualTo(iteration.batchSize());
      if (random.sarathi) {
        if (iteration.prefillTokens() > 0) {
          assertThat(iteration.prefillTokens() + iteration.decodeTokens())
              .isLessThanOrEqualTo(random.tokenBudget);
        }
      } else {
        // Prompts and decodes do not mix.
        assertThat(Math.min(iteration.prefillTokens(), iteration.decodeTokens())).isZero();
        if (!preempted || iteration.batchSize() > 1) {
          assertThat(iteration.prefillTokens()).isLessThanOrEqualTo(random.tokenBudget);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aReplicaIsNeverFasterThanItsWork(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    RunTrace trace = random.run();
    long[] busyNanos = new long[random.replicas];
    long[] endNanos = new long[random.replicas];
    for (IterationTiming iteration : trace.iterations()) {
      busyNanos[iteration.replica()] += iteration.durationNanos();
      endNanos[iteration.replica()] = Math.max(endNanos[iteration.replica()], end(iteration));
    }
    long[] tokens = new long[random.replicas];
    for (RequestTiming timing : trace.requests()) {
      if (timing.outcome() == RequestOutcome.COMPLETED) {
        tokens[timing.replica()] += timing.promptTokens() + timing.outputTokens() - 1;
      }
    }
    for (int replica = 0; replica < random.replicas; replica++) {
      assertThat(endNanos[replica]).isGreaterThanOrEqualTo(busyNanos[replica] / random.stages);
      // Every token costs 1 ms on every stage, whatever batch it is in.
      assertThat(endNanos[replica]).isGreaterThanOrEqualTo(tokens[replica] * 1_000_000L);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void requestsOfAnIterationMakeUpItsBatch(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    RunTrace trace = random.run();
    IterationRequests requests = trace.iterationRequests();
    long[] prefilled = new long[random.workload.size()];
    for (IterationTiming iteration : trace.iterations()) {
      int number = (int) iteration.iteration();
      int[] tokens = new int[2];
      for (int i = 0; i < requests.size(number); i++) {
        boolean prefill = requests.isPrefill(number, i);
        tokens[prefill ? 0 : 1] += requests.tokens(number, i);
        if (prefill && iteration.stage() == 0) {
          prefilled[requests.requestId(number, i)] += requests.tokens(number, i);
        }
      }
      assertThat(requests.size(number)).isEqualTo(iteration.batchSize());
      assertThat(tokens).containsExactly(iteration.prefillTokens(), iteration.decodeTokens());
    }
    for (RequestTiming timing : trace.requests()) {
      if (timing.outcome() == RequestOutcome.COMPLETED && timing.preemptions() == 0) {
        assertThat(prefilled[timing.requestId()]).isEqualTo(timing.promptTokens());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aRequestExecutesInItsIterationsAndIsPreemptedBetweenThem(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    RunTrace trace = random.run();
    IterationRequests requests = trace.iterationRequests();
    int size = random.workload.size();
    long[] busyNanos = new long[size];
    int[] stages = new int[size];
    long[] firstNanos = new long[size];
    long[] lastNanos = new long[size];
    Arrays.fill(firstNanos, Long.MAX_VALUE);
    for (IterationTiming iteration : trace.iterations()) {
      int number = (int) iteration.iteration();
      for (int i = 0; i < requests.size(number); i++) {
        int id = requests.requestId(number, i);
        busyNanos[id] += iteration.durationNanos();
        stages[id]++;
        firstNanos[id] = Math.min(firstNanos[id], iteration.startNanos());
        lastNanos[id] = Math.max(lastNanos[id], end(iteration));
      }
    }
    for (RequestTiming timing : trace.requests()) {
      int id = timing.requestId();
      if (timing.scheduledNanos() == null) {
        assertThat(timing.executionNanos()).isNull();
        assertThat(timing.preemptedNanos()).isNull();
        continue;
      }
      // Each duration in the trace is the difference of two rounded times.
      long rounding = stages[id] + 2L;
      assertThat(timing.executionNanos()).isCloseTo(busyNanos[id], within(rounding));
      assertThat(timing.modelExecutionNanos()).isEqualTo(timing.executionNanos());
      assertThat(timing.executionNanos() + timing.preemptedNanos())
          .isCloseTo(lastNanos[id] - firstNanos[id], within(rounding));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void utilizationIsTheSumOfTheIterations(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    RunTrace trace = random.run();
    double[] busyNanos = new double[random.replicas * random.stages];
    double[] mfuNanos = new double[random.replicas * random.stages];
    long end = 0;
    for (IterationTiming iteration : trace.iterations()) {
      int index = iteration.replica() * random.stages + iteration.stage();
      busyNanos[index] += 100.0 * iteration.durationNanos();
      mfuNanos[index] += iteration.mfuPercent() * iteration.durationNanos();
      end = Math.max(end, end(iteration));
    }
    for (RequestTiming timing : trace.requests()) {
      end = Math.max(end, timing.arrivalNanos());
    }
    for (Utilization found : trace.utilization()) {
      assertThat(found.minPercent()).isBetween(0.0, found.meanPercent());
      assertThat(found.maxPercent()).isBetween(found.meanPercent(), 100.0);
      if (found.metric() != UtilizationMetric.MEMORY && end > 0) {
        double[] sums = found.metric() == UtilizationMetric.BUSY ? busyNanos : mfuNanos;
        double mean = sums[found.replica() * random.stages + found.stage()] / end;
        assertThat(found.meanPercent()).isCloseTo(mean, within(1e-5 * mean + 1e-12));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void recordingLevelsDoNotChangeTheRun(long seed) {
    RandomScenario random = new RandomScenario(seed, STANDARD);
    RunTrace all = random.run();
    RunTrace iterations = random.scenario.run(random.workload, Recording.ITERATIONS);
    assertThat(iterations.requests()).isEqualTo(all.requests());
    assertThat(iterations.iterations()).isEqualTo(all.iterations());
    assertThat(random.scenario.run(random.workload, Recording.REQUESTS).requests())
        .isEqualTo(all.requests());
  }
}
