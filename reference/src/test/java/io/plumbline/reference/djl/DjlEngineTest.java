package io.plumbline.reference.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import io.plumbline.reference.replay.DeviceChoice;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.replay.Replay;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

class DjlEngineTest {
  private static final long[] PROMPT = {3, 1, 4, 1, 5};

  @Test
  void generate_givesExactlyTheTokensAskedFor_andTheSameAgain() {
    try (DjlEngine engine = open(DeviceChoice.CPU)) {
      List<Long> first = new ArrayList<>();
      List<Long> second = new ArrayList<>();
      engine.generate(PROMPT, 9, first::add);
      engine.generate(PROMPT, 9, second::add);

      assertThat(first).hasSize(9).isEqualTo(second);
    }
  }

  @Test
  void facts_nameEngineDeviceAndVersions() {
    try (DjlEngine engine = open(DeviceChoice.AUTO)) {
      EngineFacts facts = engine.facts();

      assertThat(facts.engine()).isEqualTo("djl-pytorch");
      assertThat(facts.device()).isNotBlank();
      assertThat(facts.software())
          .containsEntry("threads", "1")
          .containsKeys("djl", "pytorch", "precision");
    }
  }

  @Test
  @DisabledIf("hasGpu")
  void gpu0_isRefusedWhereThereIsNone() {
    assertThatThrownBy(() -> open(DeviceChoice.GPU0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "device gpu0 was asked for but PyTorch sees no GPU. Maybe use device auto or cpu.");
  }

  static boolean hasGpu() {
    return Engine.getEngine("PyTorch").getGpuCount() > 0;
  }

  @Test
  void aRealReplay_keepsCausalityAndAccountsForEveryRequest() {
    Workload workload =
        new Workload(
            List.of(
                new Request(0, 0, 20, 8),
                new Request(1, 0, 5, 1),
                new Request(2, 30_000_000, 9, 4)));
    try (DjlEngine engine = open(DeviceChoice.CPU)) {
      Replay replay = new Replay(engine, Shapes.LLAMA, workload, 1);
      replay.warmUp(1);
      RunTrace trace = replay.run(Stopwatch.start(), new RunCounts());

      assertThat(trace.count(RequestOutcome.COMPLETED)).isEqualTo(3);
      for (RequestTiming timing : trace.requests()) {
        assertThat(timing.arrivalNanos()).isLessThanOrEqualTo(timing.scheduledNanos());
        assertThat(timing.scheduledNanos()).isLessThan(timing.firstTokenNanos());
        assertThat(timing.firstTokenNanos()).isLessThanOrEqualTo(timing.endNanos());
        assertThat(trace.tokens().tokens(timing.requestId())).isEqualTo(timing.outputTokens());
      }
      long freeNanos = 0;
      for (IterationTiming iteration : trace.iterations()) {
        assertThat(iteration.startNanos()).isGreaterThanOrEqualTo(freeNanos);
        assertThat(iteration.durationNanos()).isPositive();
        freeNanos = iteration.startNanos() + iteration.durationNanos();
      }
      // One iteration per output token: 8 + 1 + 4.
      assertThat(trace.iterations()).hasSize(13);
    }
  }

  private static DjlEngine open(DeviceChoice device) {
    return DjlEngine.open(Shapes.LLAMA, device, 1, 64, 7);
  }
}
