package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorJobTest {
  private static final Path MEASURED =
      Path.of(System.getProperty("plumbline.home", ".."))
          .resolve("../shared/real/llmcompass_a100_mi210");

  @TempDir Path temp;

  private static JobRun operator(String... arguments) {
    return JobRun.of(new OperatorJob(), arguments);
  }

  @Test
  void aProductIsExplained() {
    JobRun run = operator("matmul", "--m=8192", "--n=4096", "--k=4096", "--device=a100");
    assertThat(run.exitCode()).as(run.err()).isZero();
    // 1363730 cycles at 1.41 GHz; the product of 137 G multiply-adds needs 1242757 at the peak.
    assertThat(run.out())
        .containsPattern("latency +967\\.184 us")
        .containsPattern("cycles +1,363,730")
        .containsPattern("mapping +global buffer 1024 x 1024 x 4096 twice \\(knm\\), local buffer")
        .containsPattern("bound +compute")
        .containsPattern("cycles by cause +compute 1,242,757,")
        .containsPattern("utilisation +91\\.1 %");
  }

  @Test
  void aKernelIsSimulatedOnAConfiguredGpu() {
    assertThat(operator("gelu", "--elements=8", "--predictor=trace-sm").err())
        .contains("trace-sm needs a GPU. Maybe --gpu DIR");
    assertThat(operator("gelu", "--elements=8", "--predictor=tracesm").err())
        .contains("unknown predictor tracesm. Maybe: trace-sm");
    assertThat(operator("gelu", "--elements=8", "--gpu=x").err())
        .contains("--gpu is for trace-sm. Maybe --predictor trace-sm");
    Path gpu = MEASURED.resolve("../../golden/accelsim/configs/SM7_QV100");
    assumeTrue(Files.isDirectory(gpu), "no configuration of Accel-Sim at " + gpu);
    JobRun run =
        operator("matmul", "--m=64", "--n=64", "--k=64", "--predictor=trace-sm", "--gpu=" + gpu);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("matmul on SM7_QV100: ")
        .contains("kernel gemm_hmma: 1 thread blocks of 128 threads")
        .contains("the whole kernel");
  }

  @Test
  void aGridIsWritten() {
    Path grid = temp.resolve("grid.csv");
    lines(grid, "operator,m,n,k", "matmul,1 8,1024,1024", "softmax,64,128,");
    JobRun run = operator("--grid=" + grid, "--device=GA100", "--results=" + temp.resolve("r"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("GA100: 3 operators in operator_timing");
    assertThat(temp.resolve("r/operator_timing")).isDirectory();
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(operator("matmul", "--m=0", "--n=1", "--k=1").err())
        .contains("m (0) must be positive");
    assertThat(operator("matmul", "--m=1").err()).contains("matmul needs n. Maybe: --n 4096");
    assertThat(operator("matmull", "--m=1").err())
        .contains("unknown operator matmull. Maybe: matmul");
    assertThat(operator("gelu", "--elements=8", "--device=a101").err())
        .contains("there is no hardware description a101");
    assertThat(operator().err()).contains("found 0");
    Path grid = temp.resolve("grid.csv");
    lines(grid, "operator,m,n,k", "matmul,1,x,1");
    assertThat(operator("--grid=" + grid).err()).contains("grid.csv:2: n (x) must be integers");
  }

  @Test
  void theErrorsOfThePaperComeOut() {
    assumeTrue(Files.isDirectory(MEASURED), "operators measured for LLMCompass are not here");
    JobRun run = operator("--against=" + MEASURED);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("matmul A100 +20 +6\\.5 %")
        .containsPattern("GPT-3 block, prefill A100 +1 +2\\.1 % +-2\\.1 %")
        .containsPattern("GPT-3 block, decode A100 +1 +12\\.4 % +-12\\.4 %");
  }

  @Test
  void everyKindOfModelIsSimulated() {
    lines(
        temp.resolve("trace.csv"),
        "arrived_at,num_prefill_tokens,num_decode_tokens",
        "0,640,5",
        "0.1,64,5");
    lines(
        temp.resolve("models.yaml"),
        "name: models",
        "simulate:",
        "  workload: {kind: trace, file: trace.csv}",
        "  model: [plumbline/tiny, meta-llama/Llama-2-7b-hf, Qwen/Qwen3-0.6B]",
        "  device: a100",
        "  scheduler: sarathi",
        "  predictor:",
        "    kind: llmcompass",
        "    hardware: [GA100, TPUv3]",
        "    memory_bytes_per_second: [2.0e12]");
    JobRun run =
        JobRun.of(
            new SweepJob(),
            temp.resolve("models.yaml").toString(),
            "--results=" + temp.resolve("r"));
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
  }
}
