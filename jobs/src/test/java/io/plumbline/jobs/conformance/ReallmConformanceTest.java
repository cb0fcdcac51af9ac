package io.plumbline.jobs.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReallmConformanceTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home", ".."));
  private static final Path GOLDEN = HOME.resolve("../shared/golden/reallm");

  private final StringWriter out = new StringWriter();

  @TempDir Path dir;

  private boolean run(Path cases) {
    return new ReallmConformance(new PrintWriter(out)).run(cases);
  }

  @Test
  void everyIterationThatReallmWroteDownIsEqual() {
    assumeTrue(Files.isDirectory(GOLDEN), "recorded runs of ReaLLM are not here");
    assertThat(run(GOLDEN)).as(out.toString()).isTrue();
    assertThat(out.toString()).contains("14 cases: 14 passed, 0 failed, 0 not judged, 0 skipped");
  }

  /**
   * One decode with a context of 1 on a device that knows one row of each kind, none of them exact:
   * 8 products at 2e-5 + 1e-5, 2 norms, 1 mul, 1 silu and 1 softmax at 1e-5 + 0.3e-5, in 80 layers;
   * there is no collective on one device.
   */
  @Test
  void anIterationIsTheSumOfItsKernels() throws IOException {
    write(80 * (8 * 3e-5 + 5 * 1.3e-5), "tp1");
    assertThat(run(dir)).as(out.toString()).isTrue();
    assertThat(out.toString()).contains("run: 1 iterations, 0 ties apart");
  }

  @Test
  void aDifferenceFails() throws IOException {
    write(80 * (8 * 3e-5 + 5 * 1.3e-5) * (1 + 1e-8), "tp1");
    assertThat(run(dir)).isFalse();
    assertThat(out.toString()).contains("first difference: latency_s, step 0");
  }

  @Test
  void degreesThatAreNotThoseOfTheDevicesAreRefused() throws IOException {
    write(1, "tp2");
    assertThatThrownBy(() -> run(dir))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("config.yaml: system.num_devices (1): Maybe 2");
  }

  @Test
  void aParallelismThatIsNoneIsRefusedWithItsLine() throws IOException {
    write(1, "xp2");
    assertThatThrownBy(() -> run(dir))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("config.yaml:")
        .hasMessageContaining("parallelism (xp2)");
  }

  @Test
  void aFolderWithoutRunsIsRefused() {
    assertThatThrownBy(() -> run(dir))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no recorded run of ReaLLM is here");
  }

  private void write(double seconds, String degrees) throws IOException {
    Path run = Files.createDirectory(dir.resolve("run"));
    Files.writeString(
        run.resolve("config.yaml"),
        """
        model: llama70b
        heterogeneous: false
        system:
          device: MINE
          num_devices: 1
          io_algo: multishot
          attention_parallelism: %s
          ffn_parallelism: %s
          batching_algo: continuous
          prefill_chunk: 2048
        system_sim:
          sim_method: llmcompass
          traces: any.csv
          end_reqs: 2
        """
            .formatted(degrees, degrees));
    Files.writeString(
        run.resolve("steps.csv"),
        "step,prefill_len,n_decode,latency_s,decode_ctx\n0,0,1,%s,1\n".formatted(seconds));
    Files.writeString(
        dir.resolve("MINE_matmul_latency.csv"), "B, M, K, N, latency\n2, 3, 5, 7, 2e-5\n");
    for (String kind : new String[] {"softmax", "mul", "layernorm", "silu"}) {
      Files.writeString(
          dir.resolve("MINE_%s_latency.csv".formatted(kind)), "M, N, latency\n3, 5, 1e-5\n");
    }
  }
}
