package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import org.junit.jupiter.api.Test;

class ScaledSpecTest {
  private static final StepTerms HOST = new StepTerms(2000, 500, 0);
  private static final PredictorSpec KERNELS =
      new HostBoundSpec(RooflineSpec.defaults(), HOST, LaunchTerms.defaults());
  private static final Batch PREFILL = Batches.mixed(new int[] {40}, new int[] {30});
  private static final Batch DECODES = Batches.decodes(40, 50);

  private static ExecutionTimePredictor predictor(PredictorSpec spec) {
    return spec.create(
        Batches.tiny(2, 1, 1, 8),
        new TableLimits(1, 1, 1),
        ProfileSource.none(),
        Compatibility.STANDARD);
  }

  @Test
  void iterationsWithPromptTokensAndOfDecodesAloneHaveEachTheirFactor() {
    ExecutionTimePredictor plain = predictor(KERNELS);
    ExecutionTimePredictor scaled = predictor(new ScaledSpec(KERNELS, 3, 0.5));
    assertThat(scaled.modelSeconds(PREFILL, 0)).isEqualTo(3 * plain.modelSeconds(PREFILL, 0));
    assertThat(scaled.modelSeconds(DECODES, 0)).isEqualTo(0.5 * plain.modelSeconds(DECODES, 0));
    Batch[] step = {DECODES, null, PREFILL};
    assertThat(scaled.stepSeconds(step, 0)).isEqualTo(3 * plain.stepSeconds(step, 0));
    assertThat(scaled.hostSeconds(DECODES, 0)).isEqualTo(plain.hostSeconds(DECODES, 0));
  }

  @Test
  void operatorsStillAddUpToTheStep() {
    ExecutionTimePredictor scaled = predictor(new ScaledSpec(KERNELS, 3, 0.5));
    for (Batch batch : new Batch[] {PREFILL, DECODES}) {
      double[] ms = {0};
      scaled.operators(batch, 0, (name, callMs, calls) -> ms[0] += callMs * calls);
      assertThat(ms[0] * 1e-3)
          .isCloseTo(scaled.modelSeconds(batch, 0) + scaled.hostSeconds(batch, 0), within(1e-12));
    }
  }

  @Test
  void factorsArePositiveAndGivenOnce() {
    assertThatThrownBy(() -> new ScaledSpec(KERNELS, 0, 1))
        .hasMessage("prefillFactor (0.0) must be above 0");
    assertThatThrownBy(() -> new ScaledSpec(new ScaledSpec(KERNELS, 1, 1), 1, 1))
        .hasMessageContaining("must not be scaled again");
  }
}
