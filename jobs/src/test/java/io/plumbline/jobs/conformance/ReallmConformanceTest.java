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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /**
   * Ten prompt tokens and three tokens, then another of two: one prefill or decode alone takes 24.4
   * ms as above; two sequences, 2 products and a softmax more, 30.24 ms.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "continuous    | 2048 | 1.0244,1.0488,1.1034 | 1.0732,1.1034",
        "mixed         | 2048 | 1.0244,1.0488,1.0790 | 1.0790,1.1034",
        "mixed-sarathi | 2048 | 1.0244,1.0488,1.0790 | 1.0790,1.1034",
        "mixed-sarathi | [6]  | 1.0488,1.0790,1.1093 | 1.1093,1.1337",
        "baseline      | 2048 | 1.0244,1.0488,1.0732 | 1.0976,1.1220",
      })
  void requestsGetTheirTokensFromTheirArrivalsAlone(
      String batching, String chunk, String first, String second) throws IOException {
    write(80 * (8 * 3e-5 + 5 * 1.3e-5), "tp1");
    loop(batching, chunk, first, second);
    assertThat(run(dir)).as(out.toString()).isTrue();
    assertThat(out.toString()).contains("token_s").contains("1 passed");
  }

  @Test
  void aTokenThatComesAnotherTimeFails() throws IOException {
    write(80 * (8 * 3e-5 + 5 * 1.3e-5), "tp1");
    loop("continuous", "2048", "1.0244,1.0488,1.1034", "1.0732,1.1050");
    assertThat(run(dir)).isFalse();
    assertThat(out.toString()).contains("first difference: tbt_s, request 1");
  }

  private void loop(String batching, String chunk, String first, String second) throws IOException {
    Path run = dir.resolve("run");
    Path config = run.resolve("config.yaml");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("batching_algo: continuous", "batching_algo: " + batching)
            .replace("prefill_chunk: 2048", "prefill_chunk: " + chunk));
    Files.writeString(
        run.resolve("trace.csv"),
        """
        request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size
        0,2,0,1.0,1,10,3
        1,2,0,1.03,1,10,2
        """);
    Files.writeString(
        run.resolve("sim_results.csv"),
        "request_id,arrival_time,finish_time\n0,1.0,%s,\n1,1.03,%s,\n".formatted(first, second));
  }

  /**
   * The softmax of 64 rows by 1 column is as near to (64 - 1, 3) as to (64 + 1, 3), at 1e-5 and
   * 2e-5, of which we take the first.
   */
  @ParameterizedTest
  @CsvSource({"1.0e-5,true", "2.0e-5,true", "2.1e-5,false", "0.9e-5,false"})
  void aTieMayBeBrokenOtherwiseButHasNoOtherAnswer(double softmaxSeconds, boolean passes)
      throws IOException {
    write(80 * (8 * 3e-5 + 4 * 1.3e-5 + softmaxSeconds + 0.3e-5), "tp1");
    Files.writeString(
        dir.resolve("MINE_softmax_latency.csv"),
        "M, N, latency\n63, 3, 1e-5\n64, 4, 1.5e-5\n65, 3, 2e-5\n");
    assertThat(run(dir)).as(out.toString()).isEqualTo(passes);
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
