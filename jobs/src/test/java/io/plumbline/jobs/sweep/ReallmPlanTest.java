package io.plumbline.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ReaLLM's predictor and schedulers in a sweep. */
class ReallmPlanTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));
  private static final String[] ROWS = {"softmax", "mul", "layernorm", "silu"};

  @TempDir Path folder;

  private SweepPlan plan(String predictor) throws IOException {
    String yaml =
        """
        name: reallm
        simulate:
          workload:
            kind: synthetic
            requests: 1
            seed: 1
            arrivals: all_at_zero
            lengths: {kind: fixed, prompt_tokens: 8, output_tokens: 2}
          model: plumbline/tiny
          device: a100-80gb
          scheduler:
            - {kind: prefill_pool, mode: continuous}
            - {kind: prefill_pool, mode: chunked_mixed, chunk_tokens: 4}
          predictor: %s
        """
            .formatted(predictor);
    Path file = Files.writeString(folder.resolve("sweep.yaml"), yaml);
    return SweepPlanner.plan(file, HOME.resolve("models"), new PathResolver(HOME, null));
  }

  private void library(String ending) throws IOException {
    Files.writeString(
        folder.resolve("A100_matmul" + ending), "B, M, K, N, latency\n1, 8, 16, 16, 1e-5\n");
    for (String kind : ROWS) {
      Files.writeString(folder.resolve("A100_" + kind + ending), "M, N, latency\n8, 16, 1e-5\n");
    }
  }

  @Test
  void theLibraryIsFoundByANameOfTheDevice() throws IOException {
    library("_lat.csv");
    SweepPlan plan = plan("{kind: reallm, root: %s}".formatted(folder));
    assertThat(plan.points()).hasSize(2);
    assertThat(plan.points().get(0).profileHash())
        .isNotNull()
        .isEqualTo(plan.points().get(1).profileHash());
  }

  @Test
  void aRooflineReadsNothing() throws IOException {
    SweepPlan plan = plan("{kind: reallm, method: roofline, library: GA100}");
    assertThat(plan.points()).hasSize(2).allMatch(point -> point.profileHash() == null);
  }

  @Test
  void aLibraryThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> plan("{kind: reallm, root: %s, library: B200}".formatted(folder)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no kernel library of B200 in")
        .hasMessageContaining("Maybe library:");
  }

  @Test
  void aLibraryThatLacksAKindIsSaid() throws IOException {
    library("_latency.csv");
    Files.delete(folder.resolve("A100_silu_latency.csv"));
    assertThatThrownBy(() -> plan("{kind: reallm, root: %s}".formatted(folder)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("lacks another of the five kinds");
  }

  @Test
  void aLatencyThatIsNoneIsSaidWithItsLine() throws IOException {
    library("_latency.csv");
    Files.writeString(folder.resolve("A100_mul_latency.csv"), "M, N, latency\n8, 16, soon\n");
    assertThatThrownBy(() -> plan("{kind: reallm, root: %s}".formatted(folder)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("A100_mul_latency.csv:2: latency");
  }
}
