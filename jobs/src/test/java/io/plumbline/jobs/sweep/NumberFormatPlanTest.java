package io.plumbline.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.TinyProfile;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code dtype} of a sweep. */
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
}
