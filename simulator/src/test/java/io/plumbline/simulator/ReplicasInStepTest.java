package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.RooflineSpec;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replicas that share experts; a step takes 10 ms and 1 ms for each token of the fuller one. */
class ReplicasInStepTest {
  private static final ModelSpec MODEL =
      new ModelSpec(
          "sparse",
          6,
          4,
          2,
          8,
          32,
          64,
          100,
          4096,
          true,
          true,
          false,
          false,
          false,
          10000,
          1e-5,
          new ExpertLayers(8, 2, 64, 0, 0),
          null,
          null);

  private static final ExecutionTimePredictor TIMES =
      (batch, stage) -> 0.01 + 0.001 * batch.totalTokens();

  private static SimulationSpec spec(int replicas) {
    return new SimulationSpec(
        new Deployment(
            MODEL,
            new DeviceSku("slow", 1L << 30, 1e6, 1e4, 0.001),
            new NodeSku("node", 2, 2, 1000, 0.01, null, 100, 0.1),
            new Parallelism(1, 1, 2),
            DataType.FLOAT16),
        replicas,
        RoundRobinSpec.defaults(),
        VllmV1Spec.defaults(),
        new KvCacheSpec(16, 1000, 0.1, null, null),
        RooflineSpec.defaults(),
        Compatibility.STANDARD,
        null);
  }

  private static RunTrace run(Request... requests) {
    return Simulator.run(spec(2), new Workload(List.of(requests)), TIMES, Recording.ITERATIONS);
  }

  @Test
  void bothTakeEveryStepAtTheSameTime_andWaitForTheFuller() {
    RunTrace trace = run(new Request(0, 0, 30, 2), new Request(1, 0, 10, 2));
    List<IterationTiming> steps = trace.iterations();
    assertThat(steps).hasSize(4);
    for (int step = 0; step < 4; step += 2) {
      assertThat(steps.get(step).startNanos()).isEqualTo(steps.get(step + 1).startNanos());
      assertThat(steps.get(step).durationNanos()).isEqualTo(steps.get(step + 1).durationNanos());
    }
    // 10 + 30 ms, then 10 + 1, for the shorter prompt as well.
    assertThat(trace.requests().get(0).endNanos()).isEqualTo(51_000_000L);
    assertThat(trace.requests().get(1).endNanos()).isEqualTo(51_000_000L);
  }

  @Test
  void whoComesMeanwhileWaitsForTheNextStepOfAll() {
    RunTrace trace = run(new Request(0, 0, 30, 3), new Request(1, 5_000_000, 10, 1));
    // The other replica is idle, but its layers run along until 40 ms.
    assertThat(trace.iterations().get(1).startNanos()).isEqualTo(40_000_000L);
    assertThat(trace.requests().get(1).firstTokenNanos()).isEqualTo(60_000_000L);
  }

  @Test
  void aBusyEngineTakesNoticeBetweenSteps() {
    // Both slots are taken: one step runs, the next is formed. At 40 ms the first one ends.
    RunTrace trace =
        run(
            new Request(0, 0, 30, 4),
            new Request(1, 1_000_000, 10, 1),
            new Request(2, 5_000_000, 10, 1));
    assertThat(trace.requests().get(0).queuedNanos()).isZero();
    assertThat(trace.requests().get(2).queuedNanos()).isEqualTo(40_000_000L);
    assertThat(trace.requests().get(2).engineTtftNanos())
        .isEqualTo(trace.requests().get(2).ttftNanos() - 35_000_000L);
  }

  /** Data parallel ranks of one engine: they share nothing, and yet each waits for the slowest. */
  @Test
  void ranksOfOneEngineWaitForEachOtherWithoutSharedExperts() {
    SimulationSpec shared = spec(2);
    Deployment apart =
        new Deployment(
            MODEL,
            shared.deployment().device(),
            shared.deployment().node(),
            new Parallelism(1, 1),
            DataType.FLOAT16);
    Workload workload = new Workload(List.of(new Request(0, 0, 30, 2), new Request(1, 0, 10, 2)));
    // 10 + 10 ms and 10 + 1; together 10 + 30 and 10 + 1, as for the longer prompt.
    assertThat(endOfShorter(shared, apart, false, workload)).isEqualTo(31_000_000L);
    assertThat(endOfShorter(shared, apart, true, workload)).isEqualTo(51_000_000L);
  }

  private static long endOfShorter(
      SimulationSpec like, Deployment deployment, boolean inStep, Workload workload) {
    VllmV1Spec usual = VllmV1Spec.defaults();
    VllmV1Spec scheduler =
        new VllmV1Spec(
            usual.maxNumSeqs(),
            usual.maxNumBatchedTokens(),
            0,
            true,
            usual.policy(),
            true,
            true,
            false,
            null,
            usual.cudagraphMode(),
            null,
            inStep);
    SimulationSpec spec =
        new SimulationSpec(
            deployment,
            2,
            like.router(),
            scheduler,
            like.kvCache(),
            like.predictor(),
            Compatibility.STANDARD,
            null);
    RunTrace trace = Simulator.run(spec, workload, TIMES, Recording.REQUESTS);
    return trace.requests().get(1).endNanos();
  }

  @Test
  void aGroupMustBeWhole() {
    assertThatThrownBy(() -> spec(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("replicas (3) must be a multiple of the 2 that share their experts");
  }

  @Test
  void stepsOfAllAreNotFasterThanOfTheSlowest() {
    Batch[] none = {null, null};
    assertThat(TIMES.stepSeconds(none, 0)).isZero();
  }
}
