package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With half of 1e6 FLOP/s and half of 1e4 bytes/s, two bytes an element, a weight costs 4e-4 s to
 * read and 4e-6 s of arithmetic per row: products are bound by memory up to 100 rows.
 */
class RooflinePredictorTest {
  private static final RooflineSpec SPEC = new RooflineSpec(0.5, 0.5, 1, 2);
  private static final TableLimits ANY = new TableLimits(1, 1, 1);

  private static double seconds(Deployment deployment, Batch batch, int stage) {
    return SPEC.create(deployment, ANY, ProfileSource.none(), Compatibility.STANDARD)
        .stageSeconds(batch, stage);
  }

  private static double seconds(Batch batch) {
    return seconds(Batches.tiny(2, 1, 1, 8), batch, 0);
  }

  @Test
  void aDecodeIsBoundByReadingTheWeights() {
    // Weights: QKV 32*(32+32) = 2048, output 1024, up and gate 4096, down 2048: 9216.
    //   9216 * 4e-4                                         3.6864
    // Attention of 10 tokens: 10 * 64 bytes / 5e3           0.128   (arithmetic 0.00256)
    // Element-wise: 320 norms, 192 activation, 128 heads    0.256   (640 * 2 / 5e3)
    // Ten kernels                                           0.01
    // A layer 4.0804, four 16.3216; LM head 3200 * 4e-4 + 0.001 = 1.281.
    assertThat(seconds(Batches.decodes(10))).isCloseTo(17.6026, within(1e-9));
  }

  @Test
  void aLongPrefillIsBoundByArithmetic() {
    // Products: 200 * 9216 * 4e-6                           7.3728
    // Attention: 200 * 201 / 2 pairs * 128 FLOP / 5e5       5.1456  (reading 2.56)
    // Element-wise: 200 * 0.256                            51.2
    // Ten kernels                                           0.01
    // A layer 63.7284, four 254.9136; the LM head sees one row only: 1.281.
    assertThat(seconds(Batches.prefills(200))).isCloseTo(256.1946, within(1e-9));
  }

  @Test
  void aLaterChunkAttendsToTheContextBeforeIt() {
    // 100 tokens after 100. Products are just at the ridge: 3.6864 both ways. Attention:
    // 100 * 100 + 100 * 101 / 2 = 15 050 pairs * 2.56e-4 = 3.8528 (reading 200 * 0.0128 = 2.56).
    // Element-wise 25.6, kernels 0.01: a layer 33.1492, four 132.5968, LM head 1.281.
    assertThat(seconds(Batches.secondChunk(200, 100))).isCloseTo(133.8778, within(1e-9));
  }

  @Test
  void decodesAndPrefillsAttendInSeparateKernels() {
    // A decode of 10 reads 0.128, a prefill of 200 computes 5.1456; 201 tokens in all.
    // Layer: 201 * 9216 * 4e-6 + 5.1456 + 0.128 + 201 * 0.256 + 0.01 = 64.149264; LM head two rows,
    // still bound by memory.
    double expected = 4 * 64.149264 + 1.281;
    assertThat(seconds(Batches.mixed(new int[] {10}, new int[] {200})))
        .isCloseTo(expected, within(1e-9));
  }

  @Test
  void stagesShareTheLayersAndAllButTheLastSend() {
    Deployment twoStages = Batches.tiny(2, 1, 2, 8);
    // 2 * 4.0804 + 0.01 + 64 bytes / 1000.
    assertThat(seconds(twoStages, Batches.decodes(10), 0)).isCloseTo(8.2348, within(1e-9));
    // 2 * 4.0804 + 1.281: only the last has the LM head.
    assertThat(seconds(twoStages, Batches.decodes(10), 1)).isCloseTo(9.4418, within(1e-9));
  }

  @Test
  void stagesOnSeveralServersSendOverTheNetwork() {
    // 2 * 4.0804 + 0.1 + 64 / 100.
    assertThat(seconds(Batches.tiny(2, 1, 2, 1), Batches.decodes(10), 0))
        .isCloseTo(8.9008, within(1e-9));
  }

  @Test
  void tensorParallelismHalvesWeightsAndAddsTwoAllReduces() {
    // Weights 4608 * 4e-4 = 1.8432; attention 10 * 32 / 5e3 = 0.064; element-wise
    // (320 + 96 + 64) * 2 / 5e3 = 0.192; kernels 0.01; an all-reduce of 64 bytes is
    // 2 * (0.01 + 32 / 1000) + 0.001 = 0.085, twice: a layer 2.2792, four 9.1168.
    // LM head 1600 * 4e-4 + 0.001.
    assertThat(seconds(Batches.tiny(2, 2, 1, 8), Batches.decodes(10), 0))
        .isCloseTo(9.7578, within(1e-9));
  }

  @Test
  void aTensorGroupOverSeveralServersReducesOverTheNetwork() {
    // An all-reduce is 2 * (0.1 + 32 / 100) + 0.001 = 0.841 instead of 0.085, eight of them.
    assertThat(seconds(Batches.tiny(2, 2, 1, 1), Batches.decodes(10), 0))
        .isCloseTo(9.7578 + 8 * 0.756, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void moreTokensOrMoreContextNeverTakeLess(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 100; i++) {
      int[] contexts = random.ints(1 + random.nextInt(5), 2, 2000).toArray();
      int[] prompts = random.ints(1 + random.nextInt(3), 1, 500).toArray();
      double before = seconds(Batches.mixed(contexts, prompts));
      contexts[0] += 1 + random.nextInt(100);
      double longerContext = seconds(Batches.mixed(contexts, prompts));
      assertThat(longerContext).isGreaterThan(before);
      prompts[0] += 1 + random.nextInt(100);
      assertThat(seconds(Batches.mixed(contexts, prompts))).isGreaterThan(longerContext);
    }
  }

  @Test
  void batchedDecodesTakeLessThanOneAfterTheOther() {
    double together = seconds(Batches.decodes(10, 10, 10, 10));
    assertThat(together).isLessThan(4 * seconds(Batches.decodes(10)));
    // The weights are read once: 3 * (3.6864 * 4 + 1.28) s and three rounds of kernels less.
    assertThat(4 * 17.6026 - together).isCloseTo(3 * (14.7456 + 1.28 + 0.041), within(1e-9));
  }
}
