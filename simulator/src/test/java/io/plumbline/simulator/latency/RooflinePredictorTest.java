package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Parallelism;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With a twentieth of 1e6 FLOP/s and half of 1e4 bytes/s, two bytes an element, an element costs
 * 4e-4 s to read or write, and a weight 4e-5 s of arithmetic per row.
 */
class RooflinePredictorTest {
  private static final RooflineSpec SPEC =
      new RooflineSpec(0.05, 0.5, 1, 0.05, 0, 1, 1, 0.05, 1, ExpertExchange.ALL_GATHER);
  private static final TableLimits ANY = new TableLimits(1, 1, 1);

  private static double seconds(Deployment deployment, Batch batch, int stage) {
    return SPEC.create(deployment, ANY, ProfileSource.none(), Compatibility.STANDARD)
        .modelSeconds(batch, stage);
  }

  private static double seconds(Batch batch) {
    return seconds(Batches.tiny(2, 1, 1, 8), batch, 0);
  }

  @Test
  void aDecodeIsBoundByReadingTheWeights() {
    // QKV is 32 x 64, output 32 x 32, up and gate 32 x 128, down 64 x 32: 9216 weights, and a
    // row in and out 96 + 64 + 160 + 96 = 416 elements.
    //   9632 * 4e-4                                         3.8528  (arithmetic 0.36864)
    // Attention of 10 tokens: 10 * 64 bytes / 5e3           0.128   (arithmetic 0.0256)
    // Element-wise: 256 norms, 192 activation, 128 heads    0.2304  (576 * 4e-4)
    // Ten kernels                                           0.01
    // A layer 4.2212, four 16.8848.
    // Embedding 64 * 4e-4 + 0.001                           0.0266
    // Final norm 128 * 4e-4                                 0.0512
    // LM head 32 x 100: (3200 + 132) * 4e-4                 1.3328
    // Sampling reads 100 logits                             0.04
    // Three kernels                                         0.003   together 1.427
    assertThat(seconds(Batches.decodes(10))).isCloseTo(18.3384, within(1e-9));
  }

  @Test
  void aLongPrefillIsBoundByArithmetic() {
    // Products: 200 * 9216 * 4e-5                          73.728   (traffic 36.9664)
    // Attention: 200 * 201 / 2 pairs * 128 FLOP / 5e4      51.456   (reading 2.56)
    // Element-wise: 200 * 0.2304                           46.08
    // Ten kernels                                           0.01
    // A layer 171.274, four 685.096. Embedding 200 * 0.0256 + 0.001 = 5.121, final norm
    // 200 * 0.0512 = 10.24; LM head and sampling see one row only: 1.3328 + 0.04 + 0.003.
    assertThat(seconds(Batches.prefills(200))).isCloseTo(701.8328, within(1e-9));
  }

  @Test
  void aLaterChunkAttendsToTheContextBeforeIt() {
    // 100 tokens after 100. Products 100 * 9216 * 4e-5 = 36.864 (traffic 20.3264). Attention:
    // 100 * 100 + 100 * 101 / 2 = 15 050 pairs * 2.56e-3 = 38.528 (reading 200 * 0.0128 = 2.56).
    // Element-wise 23.04, kernels 0.01: a layer 98.442, four 393.768. Embedding 2.561, final norm
    // 5.12, LM head and sampling 1.3758.
    assertThat(seconds(Batches.secondChunk(200, 100))).isCloseTo(402.8248, within(1e-9));
  }

  @Test
  void decodesAndPrefillsAttendInSeparateKernels() {
    // A decode of 10 reads 0.128, a prefill of 200 computes 51.456; 201 tokens in all, and eleven
    // kernels. A layer: 201 * 9216 * 4e-5 + 0.128 + 51.456 + 201 * 0.2304 + 0.011 = 172.00204.
    // Embedding 201 * 0.0256 + 0.001 = 5.1466, final norm 201 * 0.0512 = 10.2912.
    // LM head of two rows (3200 + 264) * 4e-4 = 1.3856, still traffic; sampling 0.08 + 0.003.
    double expected = 4 * 172.00204 + 5.1466 + 10.2912 + 1.3856 + 0.083;
    assertThat(seconds(Batches.mixed(new int[] {10}, new int[] {200})))
        .isCloseTo(expected, within(1e-9));
  }

  @Test
  void aDecodeBesidePrefillsFillsATileOfRows() {
    RooflineSpec oneKernel =
        new RooflineSpec(0.05, 0.5, 1, 0.025, 0, 64, 1, 0.05, 1, ExpertExchange.ALL_GATHER);
    Deployment deployment = Batches.tiny(2, 1, 1, 8);
    Batch mixed = Batches.mixed(new int[] {10}, new int[] {200});
    // 10 tokens of context * 64 rows * 128 FLOP / 2.5e4 = 3.2768 instead of 0.128 for reading them,
    // and half as fast the 51.456 of the prefill.
    assertThat(seconds(oneKernel, deployment, mixed) - seconds(mixed))
        .isCloseTo(4 * (3.2768 - 0.128 + 51.456), within(1e-9));
    // Alone it has a kernel of its own: 0.0512 of arithmetic, still less than reading.
    assertThat(seconds(oneKernel, deployment, Batches.decodes(10)))
        .isEqualTo(seconds(Batches.decodes(10)));
  }

  @Test
  void samplingThatSortsPassesOverTheLogitsMoreOften() {
    RooflineSpec sorting =
        new RooflineSpec(0.05, 0.5, 1, 0.05, 0, 1, 11, 0.05, 1, ExpertExchange.ALL_GATHER);
    // Ten more times 100 logits of two requests: 2000 * 4e-4.
    assertThat(
            seconds(sorting, Batches.tiny(2, 1, 1, 8), Batches.decodes(10, 10))
                - seconds(Batches.decodes(10, 10)))
        .isCloseTo(0.8, within(1e-9));
  }

  private static double seconds(RooflineSpec spec, Deployment deployment, Batch batch) {
    return spec.create(deployment, ANY, ProfileSource.none(), Compatibility.STANDARD)
        .modelSeconds(batch, 0);
  }

  @Test
  void thirtyTwoBitsTakeTwiceTheTraffic() {
    // A layer 2 * 4.2112 + 0.01 = 8.4324, four 33.7296; embedding 0.0522, the rest 2.848 + 0.003.
    Deployment deployment = Batches.tiny(2, new Parallelism(1, 1), 8, DataType.FLOAT32);
    assertThat(seconds(deployment, Batches.decodes(10), 0)).isCloseTo(36.6328, within(1e-9));
  }

  @Test
  void stagesShareTheLayersAndAllButTheLastSend() {
    Deployment twoStages = Batches.tiny(2, 1, 2, 8);
    // 2 * 4.2212 + embedding 0.0266 + 0.01 + 64 bytes / 1000.
    assertThat(seconds(twoStages, Batches.decodes(10), 0)).isCloseTo(8.543, within(1e-9));
    // 2 * 4.2212 + 1.427: only the last has final norm, LM head and sampling.
    assertThat(seconds(twoStages, Batches.decodes(10), 1)).isCloseTo(9.8694, within(1e-9));
  }

  @Test
  void stagesInDifferentPairsSendOverTheSlowerLink() {
    // 64 / 500 instead of 64 / 1000; from device 0 to 1 is within a pair.
    Deployment pairs = Batches.onServerOfFour(1, 4, 2);
    Deployment four = Batches.onServerOfFour(1, 4, 4);
    Batch batch = Batches.decodes(10);
    assertThat(seconds(pairs, batch, 0)).isEqualTo(seconds(four, batch, 0));
    assertThat(seconds(pairs, batch, 1) - seconds(four, batch, 1)).isCloseTo(0.064, within(1e-9));
  }

  @Test
  void stagesOnSeveralServersSendOverTheNetwork() {
    // 2 * 4.2212 + 0.0266 + 0.1 + 64 / 100.
    assertThat(seconds(Batches.tiny(2, 1, 2, 1), Batches.decodes(10), 0))
        .isCloseTo(9.209, within(1e-9));
  }

  @Test
  void tensorParallelismHalvesWeightsAndAddsTwoAllReduces() {
    // 32 x 32, 16 x 32, 32 x 64, 32 x 32: (4608 + 272) * 4e-4 = 1.952; attention 10 * 32 / 5e3 =
    // 0.064; element-wise (256 + 96 + 64) * 4e-4 = 0.1664; kernels 0.01; an all-reduce of 64 bytes
    // is 2 * 0.01 + 2 * 32 / 1000 + 0.001 = 0.085, twice: a layer 2.3624, four 9.4496.
    // Embedding 0.0266; final norm 0.0512, LM head (1600 + 82) * 4e-4 = 0.6728, sampling of all
    // logits 0.04, kernels 0.003.
    assertThat(seconds(Batches.tiny(2, 2, 1, 8), Batches.decodes(10), 0))
        .isCloseTo(10.2432, within(1e-9));
  }

  @Test
  void anAllReduceTakesTheHopsOfATreeAndTheTrafficOfARing() {
    // Four devices: up and down a tree of two levels 4 * 0.01, six shares of 16 bytes 0.096, launch
    // 0.001: 0.137, twice. 32 x 24, 8 x 32, 32 x 32, 16 x 32: (2560 + 208) * 4e-4 = 1.1072;
    // attention 0.064 (a KV head each); element-wise (256 + 48 + 48) * 4e-4 = 0.1408; kernels 0.01:
    // a layer 1.596, four 6.384. Embedding 0.0266; 0.0512 + (800 + 57) * 4e-4 + 0.04 + 0.003.
    assertThat(seconds(Batches.onServerOfFour(4, 1, 4), Batches.decodes(10), 0))
        .isCloseTo(6.8476, within(1e-9));
  }

  @Test
  void aTensorGroupOverTwoPairsReducesOverTheSlowerLink() {
    // Six shares of 16 bytes at 500 bytes/s: 0.192 instead of 0.096, eight times.
    assertThat(seconds(Batches.onServerOfFour(4, 1, 2), Batches.decodes(10), 0))
        .isCloseTo(6.8476 + 8 * 0.096, within(1e-9));
    // A pair of its own is as fast as ever.
    assertThat(seconds(Batches.onServerOfFour(2, 1, 2), Batches.decodes(10), 0))
        .isCloseTo(10.2432, within(1e-9));
  }

  @Test
  void aTensorGroupOverSeveralServersReducesOverTheNetwork() {
    // An all-reduce is 2 * 0.1 + 2 * 32 / 100 + 0.001 = 0.841 instead of 0.085, eight of them.
    assertThat(seconds(Batches.tiny(2, 2, 1, 1), Batches.decodes(10), 0))
        .isCloseTo(10.2432 + 8 * 0.756, within(1e-9));
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
    assertThat(4 * 18.3384 - together).isCloseTo(3 * (14.7456 + 1.28 + 0.044), within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void operatorsAddUpToTheTimeOfTheStage(int stage) {
    ExecutionTimePredictor predictor =
        SPEC.create(Batches.tiny(2, 2, 2, 8), ANY, ProfileSource.none(), Compatibility.STANDARD);
    Batch batch = Batches.mixed(new int[] {10, 20}, new int[] {30});
    double[] totalMs = new double[1];
    predictor.operators(batch, stage, (name, callMs, calls) -> totalMs[0] += callMs * calls);
    assertThat(totalMs[0]).isCloseTo(predictor.modelSeconds(batch, stage) * 1e3, within(1e-6));
  }
}
