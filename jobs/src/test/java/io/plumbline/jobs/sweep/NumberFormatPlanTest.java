package io.plumbline.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.TinyProfile;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightGroup;
import io.plumbline.trace.model.WeightQuantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The number formats of a sweep: activations, weights, keys and values. */
final class NumberFormatPlanTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));

  @TempDir Path folder;

  private List<Deployment> plan(String device, String dtype, String predictor) throws IOException {
    String yaml =
        """
        name: formats
        simulate:
          workload:
            kind: synthetic
            requests: 1
            seed: 1
            arrivals: all_at_zero
            lengths: {kind: fixed, prompt_tokens: 8, output_tokens: 2}
          model: plumbline/tiny
          device: %s
          dtype: %s
          scheduler: vllm
          predictor: %s
        """
            .formatted(device, dtype, predictor);
    return plan(Files.writeString(folder.resolve("sweep.yaml"), yaml));
  }

  private List<Deployment> plan(String model, String device, String formats, String predictor)
      throws IOException {
    String yaml =
        """
        name: formats
        simulate:
          workload:
            kind: synthetic
            requests: 1
            seed: 1
            arrivals: all_at_zero
            lengths: {kind: fixed, prompt_tokens: 8, output_tokens: 2}
          model: %s
          device: %s
          node: h100_dgx
          tensor_parallel: 8
          scheduler: vllm
          predictor: %s
        %s
        """
            .formatted(model, device, predictor, formats.indent(2));
    return plan(Files.writeString(folder.resolve("sweep.yaml"), yaml));
  }

  private static List<Deployment> plan(Path file) {
    return plan(file, new PathResolver(HOME, null));
  }

  private static List<Deployment> plan(Path file, PathResolver paths) {
    return SweepPlanner.plan(file, HOME.resolve("models"), paths).points().stream()
        .map(point -> point.spec().deployment())
        .toList();
  }

  @Test
  void aSweepMayCompareNumberFormats() throws IOException {
    List<Deployment> deployments = plan("a100-80gb", "[float16, float32]", "roofline");
    assertThat(deployments)
        .extracting(Deployment::dtype)
        .containsExactly(DataType.FLOAT16, DataType.FLOAT32);
    assertThat(deployments)
        .extracting(deployment -> deployment.device().denseFlops())
        .containsExactly(312e12, 19.5e12);
  }

  @Test
  void sixteenBitsAreTheDefault_andTheQuickstartsTwinRunsInThirtyTwo() {
    Path quickstart = HOME.resolve("conf/quickstart");
    assertThat(plan(quickstart.resolve("sweep.yaml")))
        .extracting(Deployment::dtype)
        .containsOnly(DataType.FLOAT16);
    TinyProfile.writeForQuickstart(folder);
    assertThat(plan(quickstart.resolve("twin.yaml"), new PathResolver(List.of(HOME, folder), null)))
        .extracting(Deployment::dtype)
        .containsExactly(DataType.FLOAT32);
  }

  @Test
  void aDeviceWithoutTheRateIsAProblemOfItsPoint() {
    assertThatThrownBy(() -> plan("cpu-host", "float16", "roofline"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("device card cpu-host has no dense_fp16_flops. Maybe dtype: float32");
  }

  @Test
  void aProfileThatDoesNotSayIsOfSixteenBits() throws IOException {
    TinyProfile.write(folder.resolve("profiles"), "a100-80gb", 1);
    String predictor = "{kind: profiled, root: %s/profiles}".formatted(folder);
    assertThat(plan("a100-80gb", "float16", predictor)).hasSize(1);
    assertThatThrownBy(() -> plan("a100-80gb", "float32", predictor))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("mlp.csv was measured in float16, but dtype is float32.");
  }

  @Test
  void aProfileOfThirtyTwoBitsTimesThirtyTwoBits() throws IOException {
    Path profiles = folder.resolve("profiles");
    TinyProfile.write(profiles, "a100-80gb", 1);
    TinyProfile.writeMeta(profiles, "a100-80gb", "float32");
    String predictor = "{kind: profiled, root: %s}".formatted(profiles);
    assertThat(plan("a100-80gb", "float32", predictor)).hasSize(1);
    assertThatThrownBy(() -> plan("a100-80gb", "float16", predictor))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "was measured in float32, but dtype is float16. Maybe dtype: float32, or predictor:"
                + " roofline");
  }

  @Test
  void weightsAndCacheAreAxes() throws IOException {
    List<Deployment> deployments =
        plan(
            "mistralai/Mixtral-8x7B-v0.1",
            "h100-sxm",
            "quantization: [none, fp8, w4a16]\nkv_cache_dtype: [auto, fp8]",
            "roofline");
    assertThat(deployments)
        .extracting(deployment -> deployment.bytesPerWeight(WeightGroup.EXPERTS))
        .containsExactly(2.0, 2.0, 1.0, 1.0, 0.515625, 0.515625);
    assertThat(deployments)
        .extracting(Deployment::kvBytesPerElement)
        .containsExactly(2.0, 1.0, 2.0, 1.0, 2.0, 1.0);
    assertThat(deployments.get(2).flopsPerSecond(WeightGroup.EXPERTS)).isEqualTo(1978.9e12);
  }

  @Test
  void aCardSaysHowItsWeightsAreQuantised_andAPointMaySayOtherwise() throws IOException {
    String model = "deepseek-ai/DeepSeek-V3";
    // 671 billion bytes need more than one server; eight H200 have 1128 GB.
    WeightQuantization ofCard = plan(model, "h200", "", "roofline").get(0).quantization();
    assertThat(ofCard)
        .isEqualTo(
            new WeightQuantization(WeightFormat.FP8, 16_384, false, List.of(WeightGroup.LM_HEAD)));
    String stated = "quantization: {format: w4a16, weights_per_scale: 32, zero_points: true}";
    assertThat(plan(model, "h200", stated, "roofline").get(0).quantization())
        .isEqualTo(
            new WeightQuantization(WeightFormat.W4A16, 32, true, List.of(WeightGroup.LM_HEAD)));
    assertThatThrownBy(() -> plan(model, "h200", "quantization: none", "roofline"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("GB of weights per device leave no room");
  }

  @Test
  void aWordThatIsNoFormatIsAProblemOfItsLine() {
    assertThatThrownBy(
            () -> plan("mistralai/Mixtral-8x7B-v0.1", "h100-sxm", "quantization: fp9", "roofline"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "simulate.quantization: expected one of auto, none, fp8, int8, w8a16, w4a16, nvfp4,"
                + " mxfp4, found fp9. Maybe: fp8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quantization: fp8 | learned | learned knows weights in 16 bits, but quantization is fp8.",
        "kv_cache_dtype: fp8 | profiled | profiled knows keys and values in the dtype, but"
            + " kv_cache_dtype is fp8.",
        "quantization: int8 | layer_profile | layer_profile knows weights in 16 bits, but"
            + " quantization is int8.",
      })
  void whatWasMeasuredInSixteenBitsIsNotTakenForOthers(
      String format, String predictor, String message) {
    assertThatThrownBy(() -> plan("meta-llama/Meta-Llama-3-8B", "h100-sxm", format, predictor))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void profilesInVidursLayoutHaveNoExperts() {
    assertThatThrownBy(() -> plan("mistralai/Mixtral-8x7B-v0.1", "h100-sxm", "", "profiled"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "profiled has no operators for the experts of mistralai/Mixtral-8x7B-v0.1. Maybe"
                + " predictor: roofline");
  }

  @Test
  void vidurKnowsSixteenBits() {
    assertThatThrownBy(
            () ->
                plan(
                    "meta-llama/Meta-Llama-3-8B",
                    "h100-sxm",
                    "quantization: fp8\ncompatibility: vidur",
                    "roofline"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "compatibility: vidur knows weights in 16 bits, but quantization is fp8.");
  }
}
