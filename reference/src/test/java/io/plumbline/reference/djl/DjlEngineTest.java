package io.plumbline.reference.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import io.plumbline.reference.replay.DeviceChoice;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.reference.serving.KvCacheSpec;
import io.plumbline.reference.serving.SarathiSpec;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.reference.serving.ServingRun;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

class DjlEngineTest {
  private static final Workload WORKLOAD =
      new Workload(
          List.of(
              new Request(0, 0, 20, 8), new Request(1, 0, 5, 1), new Request(2, 30_000_000, 9, 4)));

  @Test
  void facts_nameEngineDeviceAndVersions() {
    try (DjlEngine engine = open(Shapes.LLAMA, DeviceChoice.AUTO, KvCacheSpec.defaults())) {
      EngineFacts facts = engine.facts();

      assertThat(facts.engine()).isEqualTo("djl-pytorch");
      assertThat(facts.device()).isNotBlank();
      assertThat(facts.software())
          .containsEntry("threads", "1")
          .containsEntry("dtype", "float32")
          .containsEntry("operators", "torch_script")
          .containsKeys("djl", "pytorch");
    }
  }

  @Test
  @DisabledIf("hasGpu")
  void gpu0_isRefusedWhereThereIsNone() {
    assertThatThrownBy(() -> open(Shapes.LLAMA, DeviceChoice.GPU0, KvCacheSpec.defaults()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "device gpu0 was asked for but PyTorch sees no GPU. Maybe use device auto or cpu.");
  }

  static boolean hasGpu() {
    return Engine.getEngine(DjlEngine.ENGINE).getGpuCount() > 0;
  }

  @Test
  void parallelAttentionAndMlp_areRefused() {
    assertThatThrownBy(() -> open(Shapes.PARALLEL, DeviceChoice.CPU, KvCacheSpec.defaults()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "model parallel has postAttentionNorm = false: the decoder has no parallel attention and MLP");
  }

  @Test
  void aCacheBeyondTheMemory_isRefusedBeforeItIsMade() {
    // 2 layers x 2 heads x 8 x keys and values x 4 bytes x 16 tokens: 4 KiB a block.
    KvCacheSpec huge = new KvCacheSpec(16, Integer.MAX_VALUE, 0);

    assertThatThrownBy(() -> open(Shapes.LLAMA, DeviceChoice.CPU, huge))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "weights \\(0\\.0 GB\\) and 2147483647 KV blocks \\(8796\\.1 GB\\) exceed the [0-9.]+ GB of"
                + " memory that are free\\. Maybe set kv_cache\\.blocks, or a lower max_batch_size\\.");
  }

  @Test
  void aRealRun_keepsCausalityAndAccountsForEveryRequest() {
    ServingPlan plan = plan(Shapes.LLAMA, KvCacheSpec.defaults());
    DjlEngine engine = DjlEngine.open(plan, options(DeviceChoice.CPU));
    try (ServingRun run = new ServingRun(plan, engine, engine.facts(), 1)) {
      run.warmUp(1);
      RunTrace trace = run.run(Stopwatch.start(), new RunCounts());

      assertThat(trace.count(RequestOutcome.COMPLETED)).isEqualTo(3);
      for (RequestTiming timing : trace.requests()) {
        assertThat(timing.scheduledNanos()).isLessThan(timing.firstTokenNanos());
        assertThat(trace.tokens().tokens(timing.requestId())).isEqualTo(timing.outputTokens());
      }
      long freeNanos = 0;
      for (IterationTiming iteration : trace.iterations()) {
        assertThat(iteration.startNanos()).isGreaterThanOrEqualTo(freeNanos);
        assertThat(iteration.forwardNanos()).isPositive();
        assertThat(iteration.durationNanos())
            .isEqualTo(
                iteration.scheduleNanos()
                    + iteration.prepareNanos()
                    + iteration.forwardNanos()
                    + iteration.sampleNanos());
        freeNanos = iteration.startNanos() + iteration.durationNanos();
      }
    }
  }

  private static DjlEngine open(ModelSpec model, DeviceChoice device, KvCacheSpec cache) {
    return DjlEngine.open(plan(model, cache), options(device));
  }

  private static ServingPlan plan(ModelSpec model, KvCacheSpec cache) {
    return ServingPlan.of(model, WORKLOAD, SarathiSpec.defaults(), cache);
  }

  private static DjlOptions options(DeviceChoice device) {
    return new DjlOptions(
        device, Dtype.FLOAT32, Operators.TORCH_SCRIPT, new WeightsSpec.RandomSpec(), 1, 7);
  }
}
