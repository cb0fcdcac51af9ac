package io.plumbline.simulator.latency;

import static io.plumbline.simulator.hardware.SparseModels.H100;
import static io.plumbline.simulator.hardware.SparseModels.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.KvFormat;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.hardware.SparseModels;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.LatentAttention;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightGroup;
import io.plumbline.trace.model.WeightQuantization;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Experts, latent attention and number formats in the roofline. As in {@link RooflinePredictorTest}
 * an element of two bytes costs 4e-4 s, and a multiplication 4e-5 s.
 */
class RooflineSparseTest {
  private static final RooflineSpec SPEC =
      new RooflineSpec(0.05, 0.5, 1, 0.05, 0, 1, 1, 0.05, 1, ExpertExchange.ALL_GATHER);

  private static final ExpertLayers EXPERTS = new ExpertLayers(8, 2, 64, 0, 0);
  private static final LatentAttention LATENT = new LatentAttention(null, 8, 4, 2, 4);
  private static final DeviceSku SLOW =
      new DeviceSku("slow", 1L << 30, 1e6, 2e6, null, null, 1e4, 0.001);
  private static final NodeSku NODE = new NodeSku("node", 8, 8, 1000, 0.01, null, 100, 0.1);
  private static final Parallelism ALONE = new Parallelism(1, 1);

  private static Deployment tiny(
      ExpertLayers experts, LatentAttention latent, Parallelism parallelism, WeightFormat format) {
    ModelSpec model =
        SparseModels.model("tiny", new int[] {4, 4, 2, 8, 32, 64, 100}, experts, latent);
    WeightQuantization quantization = format == null ? null : WeightQuantization.of(format);
    return new Deployment(
        model, SLOW, NODE, parallelism, DataType.FLOAT16, quantization, KvFormat.AUTO);
  }

  private static Deployment sparse(Parallelism parallelism) {
    return tiny(EXPERTS, null, parallelism, null);
  }

  private static ExecutionTimePredictor predictor(Deployment deployment, RooflineSpec spec) {
    return spec.create(
        deployment, new TableLimits(1, 1, 1), ProfileSource.none(), Compatibility.STANDARD);
  }

  private static RooflineExperts experts(Deployment deployment) {
    return new RooflineExperts(deployment, SPEC, new RooflineRates(deployment, SPEC));
  }

  @Test
  void tokensShareExperts() {
    RooflineExperts experts = experts(sparse(ALONE));
    // One token uses its two; the second finds three quarters of the others: 8 (1 - 0.75^2).
    assertThat(experts.used(1)).isEqualTo(2);
    assertThat(experts.used(2)).isEqualTo(3.5);
    assertThat(experts.used(1000)).isCloseTo(8, within(1e-9));
    assertThat(experts.rows(2)).isEqualTo(4);
  }

  @Test
  void aDeviceHasItsShareOfExpertsOrASliceOfEach() {
    RooflineExperts some = experts(sparse(new Parallelism(1, 1, 2)));
    assertThat(some.used(2)).isEqualTo(1.75);
    assertThat(some.rows(2)).isEqualTo(2);
    RooflineExperts slices = experts(sparse(new Parallelism(2, 1)));
    assertThat(slices.used(2)).isEqualTo(3.5);
    assertThat(slices.rows(2)).isEqualTo(4);
    // Half the weights of each: 3.5 x 32 x 64 = 7168 and 4 rows of 32 + 64, 7552; 3.5 x 32 x 32 =
    // 3584 and 4 x 64, 3840; activation and sum 4 x (3 x 32 + 32) + 2 x 32 = 576.
    assertThat(slices.routed(2)).isCloseTo((7552 + 3840 + 576) * 4e-4, within(1e-9));
  }

  @Test
  void aTokenReadsTheWeightsOfItsExperts() {
    // Up and gate: two experts of 32 x 128 and two rows of 160, 8512 elements; down 4096 + 192;
    // activation 2 x 3 x 64, sum 2 x 32 + 32: 480.
    assertThat(experts(sparse(ALONE)).routed(1)).isCloseTo(13_280 * 4e-4, within(1e-9));
    // A layer without its MLP: QKV 2048 + 96, output 1024 + 64, attention 0.128, norms and heads
    // 384, 7 kernels: 1.5814; router 32 x 8 + 40 elements, 7 kernels: 0.1254; experts 5.312.
    // Around them 1.4536.
    assertThat(predictor(sparse(ALONE), SPEC).modelSeconds(Batches.decodes(10), 0))
        .isCloseTo(4 * (1.5814 + 0.1254 + 5.312) + 1.4536, within(1e-9));
  }

  @Test
  void theFirstLayersMayBeDense_andSharedExpertsSeeEveryToken() {
    Deployment mixed = tiny(new ExpertLayers(8, 2, 64, 1, 1), null, ALONE, null);
    // The plain MLP: 4096 + 160, 2048 + 96 and 192 elements, 3 kernels: 2.6398 in the first layer.
    // A shared expert has the same shape and kernels.
    assertThat(predictor(mixed, SPEC).modelSeconds(Batches.decodes(10), 0))
        .isCloseTo(4 * 1.5814 + 2.6398 + 3 * (0.1254 + 5.312 + 2.6398) + 1.4536, within(1e-9));
    // Of two stages the second has no dense layer.
    Deployment stages = tiny(new ExpertLayers(8, 2, 64, 1, 1), null, new Parallelism(1, 2), null);
    assertThat(predictor(stages, SPEC).modelSeconds(Batches.decodes(10), 1))
        .isCloseTo(2 * (1.5814 + 0.1254 + 5.312 + 2.6398) + 1.427, within(1e-9));
  }

  @Test
  void replicasThatShareExpertsGatherTheTokensOfAll() {
    Deployment pair = sparse(new Parallelism(1, 1, 2));
    Batch batch = Batches.decodes(10);
    // Four experts each, of which two tokens use 1.75: 1.75 x 4096 + 2 x 160, 1.75 x 2048 + 2 x 96,
    // 2 x (192 + 32) + 2 x 32: 11 776 elements. Gathered and scattered, each 0.01 s and 2 rows of
    // 64 bytes over two at 1000 bytes/s, 0.064, and a kernel.
    double layer = 1.5814 + 0.1254 + 11_776 * 4e-4 + 2 * (0.01 + 0.064 + 0.001);
    ExecutionTimePredictor predictor = predictor(pair, SPEC);
    assertThat(predictor.stepSeconds(new Batch[] {batch, batch}, 0))
        .isCloseTo(4 * layer + 1.4536, within(1e-9));
    // A replica without work sends a token, too.
    assertThat(predictor.stepSeconds(new Batch[] {null, batch}, 0))
        .isCloseTo(4 * layer + 1.4536, within(1e-9));
  }

  @Test
  void tokensMayGoOnlyWhereTheirExpertsAre() {
    Deployment pair = sparse(new Parallelism(1, 1, 2));
    Batch batch = Batches.decodes(10);
    RooflineSpec direct =
        new RooflineSpec(0.05, 0.5, 1, 0.05, 0, 1, 1, 0.05, 1, ExpertExchange.ALL_TO_ALL);
    double gathered = predictor(pair, SPEC).stepSeconds(new Batch[] {batch, batch}, 0);
    // Two choices reach 2 (1 - 0.5^2) = 1.5 of two devices, half of them the other: 0.75 rows of 64
    // bytes there and back: 0.096 and 0.02 instead of 0.148.
    assertThat(predictor(pair, direct).stepSeconds(new Batch[] {batch, batch}, 0))
        .isCloseTo(gathered - 4 * (0.148 - 0.116), within(1e-9));
  }

  @Test
  void theBusiestDeviceHasMoreTokens() {
    Deployment pair = sparse(new Parallelism(1, 1, 2));
    RooflineSpec uneven =
        new RooflineSpec(0.05, 0.5, 1, 0.05, 0, 1, 1, 0.05, 1.5, ExpertExchange.ALL_GATHER);
    RooflineExperts experts = new RooflineExperts(pair, uneven, new RooflineRates(pair, uneven));
    assertThat(experts.rows(2)).isEqualTo(3);
  }

  @Test
  void aDecodeAttendsToCompressedVectors() {
    Deployment latent = tiny(null, LATENT, ALONE, null);
    RooflineAttention attention =
        RooflineAttention.of(latent, SPEC, new RooflineRates(latent, SPEC));
    // Queries and compression 32 x (4 x 6 + 10), a row of 66; output 16 x 32, a row of 48.
    assertThat(attention.before(1)).isCloseTo((1088 + 66) * 4e-4, within(1e-9));
    assertThat(attention.after(1)).isCloseTo((512 + 48) * 4e-4, within(1e-9));
    // To the compressed space and back: 8 x 4 x (4 + 4), a row of 40. Ten vectors of 10 elements
    // are read in 0.04 s; 10 x 4 x (10 + 8) multiplications take 0.0288.
    assertThat(attention.decodes(Batches.decodes(10)))
        .isCloseTo((256 + 40) * 4e-4 + 0.04, within(1e-9));
    // A hundred heads' worth of context: still traffic, as both grow together.
    assertThat(attention.decodes(Batches.decodes(100)))
        .isCloseTo((256 + 40) * 4e-4 + 0.4, within(1e-9));
  }

  @Test
  void aPrefillMakesKeysAndValuesOfAllHeads() {
    Deployment latent = tiny(null, LATENT, ALONE, null);
    RooflineAttention attention =
        RooflineAttention.of(latent, SPEC, new RooflineRates(latent, SPEC));
    // 20 rows times 8 x 32: 256 + 20 x 40 elements; 210 pairs times 4 x (6 + 4) multiplications.
    assertThat(attention.prefills(Batches.prefills(20)))
        .isCloseTo(1056 * 4e-4 + 210 * 40 * 4e-5, within(1e-9));
    // A chunk makes them again for the context before it: 256 + 40 x 40 elements, 400 + 210 pairs.
    assertThat(attention.prefills(Batches.secondChunk(40, 20)))
        .isCloseTo(1856 * 4e-4 + 610 * 40 * 4e-5, within(1e-9));
  }

  @Test
  void theStartOfARowCountsAsKeys() {
    RooflineSpec slowStart =
        new RooflineSpec(0.05, 0.5, 1, 0.05, 7, 1, 1, 0.05, 1, ExpertExchange.ALL_GATHER);
    Deployment dense = tiny(null, null, ALONE, null);
    double without = predictor(dense, SPEC).modelSeconds(Batches.prefills(200), 0);
    // 200 rows times 7 keys, 64 multiplications each, in four layers.
    assertThat(predictor(dense, slowStart).modelSeconds(Batches.prefills(200), 0))
        .isCloseTo(without + 4 * 200 * 7 * 64 * 4e-5, within(1e-9));
  }

  @Test
  void eachProductHasTheBytesAndTheRateOfItsFormat() {
    // 32 x 64 weights. FP8: a byte each, a row of 32 bytes in and 128 out.
    assertThat(product(WeightFormat.FP8, 1)).isCloseTo((2048 + 160) / 5e3, within(1e-9));
    // Twice the rate: 200 rows take 2e-5 s a multiplication instead of 4e-5.
    assertThat(product(WeightFormat.FP8, 200)).isCloseTo(200 * 2048 * 2e-5, within(1e-9));
    // INT4: 0.515625 bytes and the rate of 16 bits.
    assertThat(product(WeightFormat.W4A16, 1)).isCloseTo((1056 + 192) / 5e3, within(1e-9));
    assertThat(product(WeightFormat.W4A16, 200)).isCloseTo(200 * 2048 * 4e-5, within(1e-9));
  }

  @Test
  void expertsOfFourBitsAreNoFasterThanThoseOfSixteen() {
    ExpertLayers layers = new ExpertLayers(8, 2, 64, 0, 0);
    double plain = experts(tiny(layers, null, ALONE, null)).routed(1);
    assertThat(experts(tiny(layers, null, ALONE, WeightFormat.W4A16)).routed(1)).isEqualTo(plain);
    assertThat(experts(tiny(layers, null, ALONE, WeightFormat.FP8)).routed(1))
        .isLessThan(0.6 * plain);
  }

  private static double product(WeightFormat format, int rows) {
    Deployment deployment = tiny(null, null, ALONE, format);
    return new RooflineRates(deployment, SPEC).product(rows, 32, 64, WeightGroup.ATTENTION);
  }

  @Test
  void aCacheOfEightBitsIsReadInHalfTheTime() {
    Deployment half =
        new Deployment(
            tiny(null, null, ALONE, null).model(),
            SLOW,
            NODE,
            ALONE,
            DataType.FLOAT16,
            null,
            KvFormat.FP8);
    double whole =
        predictor(tiny(null, null, ALONE, null), SPEC).modelSeconds(Batches.decodes(10), 0);
    // Ten tokens of 64 bytes took 0.128 s in each layer.
    assertThat(predictor(half, SPEC).modelSeconds(Batches.decodes(10), 0))
        .isCloseTo(whole - 4 * 0.064, within(1e-9));
  }

  @Test
  void operatorsAddUp() {
    Deployment deployment =
        tiny(new ExpertLayers(8, 2, 64, 1, 1), LATENT, new Parallelism(2, 1), WeightFormat.FP8);
    ExecutionTimePredictor predictor = predictor(deployment, SPEC);
    Batch batch = Batches.mixed(new int[] {10, 20}, new int[] {30});
    double[] totalMs = new double[1];
    predictor.operators(batch, 0, (name, callMs, calls) -> totalMs[0] += callMs * calls);
    assertThat(totalMs[0]).isCloseTo(predictor.modelSeconds(batch, 0) * 1e3, within(1e-6));
  }

  /**
   * us of one layer's experts in vLLM 0.19 on H100, tokens spread evenly (aiconfigurator, commit
   * 095f58a, {@code moe_perf}).
   */
  @ParameterizedTest
  @CsvSource({
    "qwen3, , 8, 221",
    "qwen3, , 128, 442",
    "qwen3, , 2048, 592",
    "qwen3, , 8192, 1504",
    "qwen3, FP8, 128, 243",
    "qwen3, FP8, 8192, 1014",
    "mixtral, , 8, 958",
    "mixtral, , 8192, 11399",
    "mixtral, FP8, 128, 520",
    "deepseek, , 8, 1835",
    "deepseek, , 512, 7829",
    "deepseek, FP8, 8192, 7076",
  })
  void mostExpertsAreWithinAFifthOfWhatWasMeasured(
      String name, WeightFormat format, int tokens, double measuredUs) {
    assertThat(routedUs(name, format, tokens) / measuredUs).isBetween(0.8, 1.2);
  }

  /** The farthest in the same source, for these models on one device. */
  @ParameterizedTest
  @CsvSource({
    "deepseek, , 32, 7267",
    "deepseek, , 8192, 17181",
    "deepseek, FP8, 32, 3881",
    "mixtral, , 512, 1800",
    "mixtral, FP8, 2048, 1389",
    "mixtral, FP8, 8192, 5300",
  })
  void theOthersAreWithinTwoFifths(
      String name, WeightFormat format, int tokens, double measuredUs) {
    assertThat(routedUs(name, format, tokens) / measuredUs).isBetween(0.6, 1.4);
  }

  private static double routedUs(String name, WeightFormat format, int tokens) {
    ModelSpec model =
        switch (name) {
          case "qwen3" -> SparseModels.qwen3();
          case "mixtral" -> SparseModels.mixtral();
          default -> SparseModels.deepSeekV3();
        };
    Deployment deployment = on(H100, model, ALONE, format);
    RooflineSpec spec = RooflineSpec.defaults();
    return new RooflineExperts(deployment, spec, new RooflineRates(deployment, spec)).routed(tokens)
        * 1e6;
  }

  /**
   * us of the whole attention of DeepSeek-V3 with all its heads in the same source, {@code
   * mla_generation_module_perf} and {@code mla_context_module_perf}; each request decodes with so
   * much context, or the one prefills so much.
   */
  @ParameterizedTest
  @CsvSource({
    "8, 1024, 226, 0.75, 1",
    "64, 1024, 273, 0.75, 1",
    "64, 8192, 450, 0.9, 1.1",
    "0, 512, 569, 0.55, 1",
    "0, 2048, 1669, 0.8, 1",
    "0, 8192, 8358, 1, 1.2",
  })
  void latentAttentionIsNearWhatWasMeasured(
      int decodes, int tokens, double measuredUs, double atLeast, double atMost) {
    Deployment deployment = on(H100, SparseModels.deepSeekV3(), ALONE, null);
    RooflineSpec spec = RooflineSpec.defaults();
    RooflineAttention attention =
        RooflineAttention.of(deployment, spec, new RooflineRates(deployment, spec));
    int[] contexts = new int[decodes];
    Arrays.fill(contexts, tokens);
    Batch batch = decodes > 0 ? Batches.decodes(contexts) : Batches.prefills(tokens);
    double us =
        (attention.before(batch.totalTokens())
                + attention.after(batch.totalTokens())
                + attention.decodes(batch)
                + attention.prefills(batch)
                + attention.kernels(batch) * 3e-6)
            * 1e6;
    assertThat(us / measuredUs).isBetween(atLeast, atMost);
  }

  /**
   * us of one layer in the same source, {@code context_attention_perf}: 32 heads of 128, 8 of keys.
   */
  @ParameterizedTest
  @CsvSource({"1024, 97", "2048, 273", "4096, 900", "16384, 12505"})
  void attentionOfOnePromptIsWithinASeventhOfVllmsOnA100(int tokens, double measuredUs) {
    ModelSpec llama3 =
        SparseModels.model("l", new int[] {32, 32, 8, 128, 4096, 14336, 128256}, null, null);
    Deployment deployment = on(SparseModels.A100, llama3, ALONE, null);
    RooflineSpec spec = RooflineSpec.defaults();
    RooflineAttention attention =
        RooflineAttention.of(deployment, spec, new RooflineRates(deployment, spec));
    double us = (attention.prefills(Batches.prefills(tokens)) + 3e-6) * 1e6;
    assertThat(us / measuredUs).isBetween(0.857, 1.143);
  }

  @Test
  void modelFlopsCountHeadsAndChosenExperts() {
    Deployment deployment = tiny(EXPERTS, LATENT, ALONE, WeightFormat.FP8);
    ModelFlops flops = new ModelFlops(deployment, Compatibility.STANDARD);
    // A layer: attention 32 x 24 + 32 x 10 + 8 x 4 x 8 + 16 x 32 = 1856, router 256, two experts of
    // 6144: 14 400, twice, four layers: 115 200. Ten pairs of 4 heads with 6 + 4 multiplications:
    // 3200. LM head 6400.
    assertThat(flops.flops(Batches.decodes(10), 0)).isEqualTo(115_200 + 3_200 + 6_400);
    // Most weights are multiplied in FP8, at 2e6 FLOP/s.
    assertThat(flops.mfuPercent(1e6, 5)).isCloseTo(10, within(1e-12));
  }
}
