package io.plumbline.simulator.hardware;

import static io.plumbline.simulator.hardware.SparseModels.A100;
import static io.plumbline.simulator.hardware.SparseModels.DGX;
import static io.plumbline.simulator.hardware.SparseModels.H100;
import static io.plumbline.simulator.hardware.SparseModels.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.kvcache.MemoryPlan;
import io.plumbline.trace.model.MatrixFormat;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightGroup;
import io.plumbline.trace.model.WeightQuantization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes and rates of quantised models on their devices. */
class NumberFormatTest {
  private static final Parallelism ALONE = new Parallelism(1, 1);
  private static final Parallelism PAIR = new Parallelism(2, 1);

  @Test
  void theWeightsOfDeepSeekV2LiteAreThoseOfItsMatrices() {
    Deployment lite = on(H100, SparseModels.deepSeekV2Lite(), ALONE, null);
    // A layer: queries 2048 x 16 x 192 = 6 291 456, compression 2048 x 576 = 1 179 648, keys and
    // values 512 x 16 x 256 = 2 097 152, output 16 x 128 x 2048 = 4 194 304: 13 762 560, 27 times.
    assertThat(lite.parametersPerDevice(WeightGroup.ATTENTION)).isEqualTo(371_589_120);
    // The first layer alone: 3 x 2048 x 10 944.
    assertThat(lite.parametersPerDevice(WeightGroup.MLP)).isEqualTo(67_239_936);
    // 26 layers of 64 and of 2 times 3 x 2048 x 1408 = 8 650 752.
    assertThat(lite.parametersPerDevice(WeightGroup.EXPERTS)).isEqualTo(14_394_851_328L);
    assertThat(lite.parametersPerDevice(WeightGroup.SHARED_EXPERTS)).isEqualTo(449_839_104);
    // And routers of 2048 x 64: with both tables of 102 400 x 2048 the published 15.7 billion.
    assertThat(lite.blockParametersPerDevice()).isEqualTo(15_286_927_360L);
    assertThat(lite.blockParametersPerDevice() + 2 * 209_715_200L).isEqualTo(15_706_357_760L);
  }

  @Test
  void eightBitsHalveAllButTheRouter() {
    double bf16 = on(H100, SparseModels.deepSeekV2Lite(), ALONE, null).blockBytesPerDevice();
    double fp8 =
        on(H100, SparseModels.deepSeekV2Lite(), ALONE, WeightFormat.FP8).blockBytesPerDevice();
    assertThat(bf16).isEqualTo(2 * 15_286_927_360.0);
    // 26 x 2048 x 64 weights of routers keep their two bytes.
    assertThat(fp8).isEqualTo(15_286_927_360.0 + 3_407_872);
  }

  @Test
  void compressionIsOnEveryDevice() {
    Deployment pair = on(H100, SparseModels.deepSeekV2Lite(), PAIR, null);
    // 1 179 648 + (13 762 560 - 1 179 648) / 2 = 7 471 104, 27 times.
    assertThat(pair.parametersPerDevice(WeightGroup.ATTENTION)).isEqualTo(201_719_808);
    // 27 x 576, with one device or two.
    assertThat(pair.kvElementsPerToken()).isEqualTo(15_552);
  }

  @Test
  void expertParallelismSharesTheExpertsAlone() {
    Deployment eight = on(H100, SparseModels.qwen3(), new Parallelism(1, 1, 8), null);
    // 48 layers of 16 experts of 3 x 2048 x 768 = 4 718 592.
    assertThat(eight.parametersPerDevice(WeightGroup.EXPERTS)).isEqualTo(48L * 16 * 4_718_592);
    // 2048 x 128 x (2 x 32 + 2 x 4) = 18 874 368.
    assertThat(eight.parametersPerDevice(WeightGroup.ATTENTION)).isEqualTo(48L * 18_874_368);
  }

  /** Experts of Mixtral: 32 x 8 x 3 x 4096 x 14 336 = 45 097 156 608 weights. */
  @ParameterizedTest
  @CsvSource({
    "FP8, 1",
    "INT8, 1",
    // 16 bits of scale for 128 weights of 4 or 8.
    "W4A16, 0.515625",
    "W8A16, 1.015625",
    // 8 bits for 16 and for 32 weights of 4.
    "NVFP4, 0.5625",
    "MXFP4, 0.53125",
  })
  void scalesAreCounted(WeightFormat format, double bytesPerWeight) {
    Deployment mixtral = on(H100, SparseModels.mixtral(), ALONE, format);
    assertThat(mixtral.parametersPerDevice(WeightGroup.EXPERTS)).isEqualTo(45_097_156_608L);
    assertThat(mixtral.bytesPerWeight(WeightGroup.EXPERTS)).isEqualTo(bytesPerWeight);
    assertThat(mixtral.bytesPerWeight(WeightGroup.LM_HEAD)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "FP8, FP8, 1978.9e12, 1",
    "INT8, INT8, 1978.9e12, 1",
    "W4A16, DTYPE, 989.4e12, 2",
    "MXFP4, DTYPE, 989.4e12, 2",
    // Hopper has no FP4.
    "NVFP4, DTYPE, 989.4e12, 2",
  })
  void weightsAreMultipliedInTheirFormatWhereTheDeviceCan(
      WeightFormat format, MatrixFormat products, double flops, double bytesPerInput) {
    Deployment mixtral = on(H100, SparseModels.mixtral(), ALONE, format);
    assertThat(mixtral.matrixFormat(WeightGroup.EXPERTS)).isEqualTo(products);
    assertThat(mixtral.flopsPerSecond(WeightGroup.EXPERTS)).isEqualTo(flops);
    assertThat(mixtral.bytesPerInput(WeightGroup.EXPERTS)).isEqualTo(bytesPerInput);
    assertThat(mixtral.matrixFormat(WeightGroup.LM_HEAD)).isEqualTo(MatrixFormat.DTYPE);
  }

  @Test
  void anA100MultipliesFp8WeightsInSixteenBits() {
    Deployment mixtral = on(A100, SparseModels.mixtral(), ALONE, WeightFormat.FP8);
    assertThat(mixtral.matrixFormat(WeightGroup.EXPERTS)).isEqualTo(MatrixFormat.DTYPE);
    assertThat(mixtral.flopsPerSecond(WeightGroup.EXPERTS)).isEqualTo(312e12);
    assertThat(mixtral.bytesPerWeight(WeightGroup.EXPERTS)).isEqualTo(1);
  }

  @Test
  void int8WithoutItsRateIsRefused_andSoIsQuantisationBesideFp32() {
    DeviceSku old = new DeviceSku("old", 1, 1, 1, 0);
    ModelSpec model = SparseModels.mixtral();
    assertThatThrownBy(() -> on(old, model, ALONE, WeightFormat.INT8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "quantization is int8, but old has no rate of INT8 products. Maybe quantization: w8a16,"
                + " or give dense_int8_flops");
    assertThatThrownBy(
            () ->
                new Deployment(
                    model,
                    H100,
                    DGX,
                    ALONE,
                    DataType.FLOAT32,
                    WeightQuantization.of(WeightFormat.FP8),
                    KvFormat.AUTO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "quantization is fp8, but dtype is float32. Maybe dtype: float16, or quantization:"
                + " none");
  }

  /** Qwen3-30B-A3B: heads of 128. */
  @ParameterizedTest
  @CsvSource({
    "AUTO, 2",
    "FLOAT16, 2",
    "FP8, 1",
    // 32 bits for a head of 128.
    "INT8, 1.03125",
    "NVFP4, 0.5625",
  })
  void keysAndValuesHaveTheirOwnFormat(KvFormat format, double bytes) {
    Deployment qwen = on(H100, SparseModels.qwen3(), ALONE, null, format);
    // 48 layers of 2 x 4 x 128.
    assertThat(qwen.kvElementsPerToken()).isEqualTo(49_152);
    assertThat(qwen.kvBytesPerElement()).isEqualTo(bytes);
  }

  @Test
  void theMemoryPlanFollowsWeightsAndCache() {
    ModelSpec lite = SparseModels.deepSeekV2Lite();
    KvCacheSpec spec = new KvCacheSpec(16, null, 0.1, 0.0, null);
    // 0.9 x 85 520 809 984 = 76 968 728 985.6 less 2 x 15 706 357 760 leaves 45 556 013 465.6; a
    // block is 16 x 15 552 x 2 = 497 664: 91 539.7.
    assertThat(blocks(on(H100, lite, ALONE, null), spec)).isEqualTo(91_539);
    // The blocks' weights in FP8 15 290 335 232, both tables 838 860 800: 60 839 532 953.6 left.
    assertThat(blocks(on(H100, lite, ALONE, WeightFormat.FP8), spec)).isEqualTo(122_250);
    // With the cache in FP8 a block is half as large: 244 500.4.
    assertThat(blocks(on(H100, lite, ALONE, WeightFormat.FP8, KvFormat.FP8), spec))
        .isEqualTo(244_500);
  }

  private static int blocks(Deployment deployment, KvCacheSpec spec) {
    return MemoryPlan.of(deployment, spec, 4096, Compatibility.STANDARD).blocks();
  }

  @Test
  void aQuantisedLmHeadIsCounted() {
    WeightQuantization all = new WeightQuantization(WeightFormat.FP8, null, false, List.of());
    Deployment lite =
        new Deployment(
            SparseModels.deepSeekV2Lite(), H100, DGX, ALONE, DataType.FLOAT16, all, KvFormat.AUTO);
    assertThat(lite.bytesPerWeight(WeightGroup.LM_HEAD)).isEqualTo(1);
  }

  @Test
  void whatWasMeasuredInSixteenBitsIsRefused() {
    Deployment fp8 = on(H100, SparseModels.mixtral(), ALONE, WeightFormat.FP8);
    assertThatThrownBy(() -> fp8.requireUnquantized("profiled"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "profiled knows weights in 16 bits, but quantization is fp8. Maybe predictor: roofline,"
                + " or quantization: none");
    Deployment cache = on(H100, SparseModels.mixtral(), ALONE, null, KvFormat.FP8);
    assertThatThrownBy(() -> cache.requireUnquantized("profiled"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "profiled knows keys and values in the dtype, but kv_cache_dtype is fp8. Maybe"
                + " predictor: roofline, or kv_cache_dtype: auto");
  }
}
