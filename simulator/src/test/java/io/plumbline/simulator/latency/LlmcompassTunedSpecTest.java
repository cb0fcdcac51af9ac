package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.compass.BoundCurve;
import io.plumbline.simulator.compass.BuiltInHardware;
import io.plumbline.simulator.compass.CompassTuning;
import io.plumbline.simulator.compass.DecodeCurve;
import io.plumbline.simulator.compass.LinkCurve;
import io.plumbline.simulator.engine.Compatibility;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LlmcompassTunedSpecTest {
  /** Of 128 cores, with 12 links of 25 GB/s a device. */
  private static final double BYTES_PER_SECOND =
      BuiltInHardware.of("GA100").device().memoryBytesPerSecond();

  private static final double FLOPS_PER_SECOND =
      BuiltInHardware.of("GA100").device().arrayFlopsPerSecond();

  private static final CompassTuning TUNING =
      new CompassTuning(
          new BoundCurve(1e-6, 1, 1.5, 2),
          new BoundCurve(2e-6, 2, 3, 1),
          new DecodeCurve(3e-6, 1.25, 1e-8, 0.5),
          new LinkCurve(4e-6, 2));

  private static Map<String, Double> operators(int tensor, Batch batch) {
    LlmcompassSpec hardware =
        new LlmcompassSpec("GA100", null, null, null, null, null, null, null, null, null, null, 1);
    ExecutionTimePredictor predictor =
        new LlmcompassTunedSpec(hardware, TUNING)
            .create(
                Batches.tiny(2, tensor, 1, 8),
                new TableLimits(1, 1, 1),
                ProfileSource.none(),
                Compatibility.STANDARD);
    Map<String, Double> seconds = new HashMap<>();
    double[] sum = {0};
    predictor.operators(
        batch,
        0,
        (name, ms, calls) -> {
          seconds.put(name, ms / 1e3);
          sum[0] += ms / 1e3 * calls;
        });
    assertThat(predictor.modelSeconds(batch, 0)).isCloseTo(sum[0], within(1e-15));
    return seconds;
  }

  @Test
  void decodesReadTheirKeysAndValuesOnce() {
    // Two key-value heads of 8 elements, 2 bytes each, keys and values, 40 + 60 tokens.
    double bytes = 2 * 2 * 8 * 2 * 100;
    // One head of 50 tokens, on one of 128 cores.
    double longest = 2 * 8 * 2 * 50 * 128;
    assertThat(operators(1, Batches.decodes(40, 60)).get("attn_decode"))
        .isCloseTo(
            3e-6 + 1.25 * bytes / BYTES_PER_SECOND + 4e-8 + 0.5 * longest / BYTES_PER_SECOND,
            within(1e-15));
  }

  @Test
  void promptsAreOneKernelAndSeeWhatIsBeforeThem() {
    // 4 query heads of 8: 1 + 2 + ... + 30 and + ... + 10 pairs, of a key and a value each.
    double flops = 2.0 * 4 * (30 * 31 / 2 + 10 * 11 / 2) * 16;
    // Keys and values of 2 heads, queries and results of 4.
    double bytes = 2.0 * (16 * (2 + 4) * (30 + 10));
    assertThat(operators(1, Batches.mixed(new int[0], new int[] {30, 10})).get("attn_prefill"))
        .isCloseTo(
            2e-6 + 2 * flops / FLOPS_PER_SECOND + 3 * bytes / BYTES_PER_SECOND, within(1e-15));
  }

  @Test
  void elementWiseWorkIsMemoryTrafficAndNoLaunch() {
    // Two norms a layer that read and write 2 tokens of 32 elements.
    assertThat(operators(1, Batches.decodes(40, 60)).get("norm"))
        .isCloseTo(2 * 1.5 * (2 * 2 * 32 * 2) / BYTES_PER_SECOND, within(1e-15));
  }

  @Test
  void reductionsMoveAllButOneShareTwice() {
    // 2 tokens of 32 elements over two devices: 2 x 1/2 x 128 bytes over 12 links of 25 GB/s.
    assertThat(operators(2, Batches.decodes(40, 60)).get("all_reduce"))
        .isCloseTo(4e-6 + 2 * 128 / 300e9, within(1e-15));
  }

  @Test
  void bothBoundsHideEachOtherInPart() {
    assertThat(new BoundCurve(0, 1, 1, 1).seconds(3, 4)).isEqualTo(7);
    assertThat(new BoundCurve(1, 1, 2, 2).seconds(3, 2)).isCloseTo(6, within(1e-12));
    assertThat(new BoundCurve(0, 1, 1, 500).seconds(3, 4)).isCloseTo(4, within(1e-9));
    assertThat(new BoundCurve(1, 1, 1, 2).seconds(0, 0)).isEqualTo(1);
    assertThatThrownBy(() -> new BoundCurve(0, 1, 1, 0.5))
        .hasMessage("sharpness (0.5) must be from 1 to 1000");
  }
}
