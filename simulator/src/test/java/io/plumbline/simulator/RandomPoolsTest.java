package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.CudagraphMode;
import io.plumbline.simulator.batching.FasterTransformerSpec;
import io.plumbline.simulator.batching.LightllmSpec;
import io.plumbline.simulator.batching.OrcaSpec;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.batching.VllmV1Policy;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.KvOverlap;
import io.plumbline.simulator.cluster.LeastKvSpec;
import io.plumbline.simulator.cluster.LorSpec;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.KvTransfer;
import io.plumbline.trace.run.PoolRole;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws of clusters of pools: any scheduler on either side, tight caches, slow links. */
@Timeout(120)
class RandomPoolsTest {

  static LongStream seeds() {
    return LongStream.range(0, 1500);
  }

  /** A cluster drawn from a seed. */
  private static final class Run {
    final PooledScenario scenario = new PooledScenario();
    final Workload workload;

    Run(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      addPool(PoolRole.PREFILL, random);
      addPool(PoolRole.DECODE, random);
      if (random.nextInt(4) == 0) {
        addPool(PoolRole.DECODE, random);
      }
      if (random.nextInt(4) == 0) {
        addPool(PoolRole.MIXED, random);
      }
      scenario.link(
          random.nextBoolean() ? 384e3 : 1e7,
          random.nextInt(2) * 0.003,
          1 + random.nextInt(2),
          random.nextBoolean() ? KvOverlap.LAYERS : KvOverlap.NONE);
      if (random.nextInt(3) == 0) {
        scenario.routedBy(random.nextBoolean() ? LorSpec.defaults() : LeastKvSpec.defaults());
      }
      workload = workload(random);
    }

    private void addPool(PoolRole role, SplittableRandom random) {
      int kind = random.nextInt(10);
      boolean lightllm = kind == 0;
      int stages = lightllm || random.nextInt(3) > 0 ? 1 : 2;
      int blockTokens = lightllm ? 1 : 4;
      int blocks = 2 + (70 + random.nextInt(random.nextBoolean() ? 100 : 1500)) / blockTokens;
      double odd = random.nextDouble();
      ExecutionTimePredictor times =
          (batch, stage) -> (0.005 + 0.0005 * batch.totalTokens()) * (1 + odd / 3);
      scenario.pool(
          role,
          1 + random.nextInt(2),
          scheduler(kind, random, stages),
          new KvCacheSpec(blockTokens, blocks, 0.1, random.nextInt(2) * 0.05, null),
          stages,
          times);
    }

    private static SchedulerSpec scheduler(int kind, SplittableRandom random, int stages) {
      int size = stages * (1 + random.nextInt(6));
      int budget = 40 + random.nextInt(100);
      return switch (kind) {
        case 0 -> new LightllmSpec(budget, size, 1 + random.nextInt(10));
        case 1, 2 -> new SarathiSpec(budget, size);
        case 3 -> new VllmSpec(budget, size);
        case 4 -> new OrcaSpec(size);
        case 5 -> new FasterTransformerSpec(size);
        default ->
            new VllmV1Spec(
                size,
                budget,
                random.nextInt(3) == 0 ? 1 + random.nextInt(budget) : 0,
                true,
                random.nextBoolean() ? VllmV1Policy.FCFS : VllmV1Policy.PRIORITY,
                random.nextBoolean(),
                random.nextInt(3) > 0,
                (stages == 1 && random.nextBoolean()) ? null : (Boolean) false,
                null,
                CudagraphMode.FULL_AND_PIECEWISE,
                null,
                stages == 1 && random.nextInt(3) == 0);
      };
    }

    private static Workload workload(SplittableRandom random) {
      List<Request> requests = new ArrayList<>();
      int count = 3 + random.nextInt(20);
      long gapNanos = random.nextInt(3) * 50_000_000L;
      for (int id = 0; id < count; id++) {
        int prompt = 1 + random.nextInt(40);
        long[] hashes = new long[prompt / 4];
        int family = random.nextInt(3);
        for (int block = 0; block < hashes.length; block++) {
          hashes[block] = 100L * family + block;
        }
        requests.add(
            new Request(
                id,
                id * gapNanos,
                prompt,
                1 + random.nextInt(random.nextBoolean() ? 60 : 3),
                new PromptBlocks(4, hashes),
                random.nextInt(3),
                null));
      }
      return new Workload(requests);
    }

    RunTrace trace() {
      return Simulator.run(scenario.spec(), workload, scenario.predictors(), Recording.TOKENS);
    }
  }

  /** That every block comes back is checked by the simulator itself once all requests are over. */
  @ParameterizedTest
  @MethodSource("seeds")
  void everyRequestEndsOnceWhereItBelongs(long seed) {
    Run run = new Run(seed);
    RunTrace trace = run.trace();
    Map<Integer, PoolRole> roles = new HashMap<>();
    trace.pools().replicas().forEach(replica -> roles.put(replica.replica(), replica.role()));
    Map<Integer, KvTransfer> transfers = new HashMap<>();
    for (KvTransfer transfer : trace.pools().transfers()) {
      assertThat(transfers.put(transfer.requestId(), transfer)).isNull();
      assertThat(roles.get(transfer.fromReplica())).isEqualTo(PoolRole.PREFILL);
      assertThat(roles.get(transfer.toReplica())).isEqualTo(PoolRole.DECODE);
      assertThat(transfer.readyNanos()).isLessThanOrEqualTo(transfer.startNanos());
      assertThat(transfer.startNanos()).isLessThanOrEqualTo(transfer.endNanos());
      Request request = run.workload.request(transfer.requestId());
      assertThat(transfer.tokens()).isBetween(0, request.promptTokens());
    }
    for (RequestTiming timing : trace.requests()) {
      assertThat(timing.outcome()).isIn(RequestOutcome.COMPLETED, RequestOutcome.REJECTED);
      if (timing.outcome() == RequestOutcome.REJECTED) {
        continue;
      }
      int id = timing.requestId();
      assertThat(trace.tokens().tokens(id)).isEqualTo(timing.outputTokens());
      KvTransfer transfer = transfers.get(id);
      boolean decoded = roles.get(timing.replica()) == PoolRole.DECODE;
      assertThat(transfer != null).isEqualTo(decoded);
      if (decoded) {
        assertThat(transfer.toReplica()).isEqualTo(timing.replica());
        assertThat(transfer.readyNanos()).isEqualTo(timing.firstTokenNanos());
        assertThat(trace.tokens().nanos(id, 1)).isGreaterThan(transfer.endNanos());
      }
    }
    for (IterationTiming iteration : trace.iterations()) {
      if (roles.get(iteration.replica()) == PoolRole.PREFILL) {
        assertThat(iteration.decodeTokens()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSameInputsGiveTheSameRunAndMovedBatchesAreWhatWrittenOnesAre(long seed) {
    assertThat(diary(seed, false)).isEqualTo(diary(seed, true)).isEqualTo(diary(seed, false));
  }

  private static List<String> diary(long seed, boolean writingEveryBatch) {
    Run run = new Run(seed);
    List<String> lines = new ArrayList<>();
    double[] arrivals =
        run.workload.requests().stream().mapToDouble(r -> r.arrivalNanos() / 1e9).toArray();
    Cluster cluster =
        Simulator.cluster(
            run.scenario.spec(),
            run.workload,
            arrivals,
            run.scenario.predictors(),
            new Recorder() {
              @Override
              public void token(int request, double atSeconds) {
                lines.add(request + " " + atSeconds);
              }
            });
    (writingEveryBatch ? cluster.writingEveryBatch() : cluster).run(0);
    for (int request = 0; request < cluster.requests(); request++) {
      lines.add(cluster.request(request).executionSeconds() + " " + cluster.replicaOf(request));
    }
    return lines;
  }

  @Test
  void theSeedsCoverWhatPoolsAreAbout() {
    int transfers = 0;
    int waitedForRoom = 0;
    int preempted = 0;
    int shared = 0;
    Set<RequestOutcome> outcomes = new HashSet<>();
    for (long seed : seeds().toArray()) {
      Run run = new Run(seed);
      RunTrace trace = run.trace();
      for (KvTransfer transfer : trace.pools().transfers()) {
        transfers++;
        waitedForRoom += transfer.startNanos() > transfer.readyNanos() ? 1 : 0;
        shared +=
            transfer.tokens() < run.workload.request(transfer.requestId()).promptTokens() ? 1 : 0;
      }
      for (RequestTiming timing : trace.requests()) {
        preempted += timing.preemptions() > 0 ? 1 : 0;
        outcomes.add(timing.outcome());
      }
    }
    assertThat(transfers).isGreaterThan(5000);
    assertThat(waitedForRoom).isGreaterThan(1000);
    assertThat(preempted).isGreaterThan(100);
    assertThat(shared).isGreaterThan(100);
    assertThat(outcomes)
        .containsExactlyInAnyOrder(RequestOutcome.COMPLETED, RequestOutcome.REJECTED);
  }
}
