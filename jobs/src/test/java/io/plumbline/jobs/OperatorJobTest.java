package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.simulator.compass.BoundCurve;
import io.plumbline.simulator.compass.BuiltInHardware;
import io.plumbline.simulator.compass.BuiltInTunings;
import io.plumbline.simulator.compass.CompassTuning;
import io.plumbline.simulator.compass.DecodeCurve;
import io.plumbline.simulator.compass.KernelBounds;
import io.plumbline.simulator.compass.LinkCurve;
import io.plumbline.simulator.compass.MapperMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorJobTest {
  private static final Path MEASURED =
      Path.of(System.getProperty("plumbline.home", ".."))
          .resolve("../shared/real/llmcompass_a100_mi210");

  private static final Path KERNELS =
      Path.of(System.getProperty("plumbline.home", ".."))
          .resolve("../shared/real/aiconfigurator/op_perf/a100_sxm");

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
    JobRun large = operator("matmul", "--m=40960", "--n=128", "--k=262144", "--device=TPUv3");
    assertThat(large.exitCode()).isEqualTo(2);
    assertThat(large.err()).contains("matmul: a product of 40960 x 128 x 262144");
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
  void curvesAreFittedToHalfOfWhatWasMeasuredAndScoredOnTheOther() {
    assumeTrue(Files.isDirectory(KERNELS), "kernels measured by aiconfigurator are not here");
    JobRun run = operator("--tune=" + KERNELS, "--device=a100");
    assertThat(run.exitCode()).as(run.err()).isZero();
    Matcher rows =
        Pattern.compile("(?m)^([a-z, -]+?)  +\\d+ +\\d+ +([0-9.]+) % +([0-9.]+) %")
            .matcher(run.out());
    List<String> kinds = new ArrayList<>();
    while (rows.find()) {
      kinds.add(rows.group(1));
      double tuned = Double.parseDouble(rows.group(3));
      assertThat(tuned).as(rows.group(1)).isLessThan(15);
      assertThat(tuned).isLessThan(Double.parseDouble(rows.group(2)) / 3);
    }
    assertThat(kinds)
        .containsExactly("products", "attention, prefill", "attention, decode", "all-reduce");
    // What ships for the A100 is what this prints.
    CompassTuning shipped = BuiltInTunings.of("A100_80GB_fp16");
    assertThat(run.out())
        .contains(
            "  product: {launch_seconds: %s, compute_factor: %s, memory_factor: %s, sharpness: %s}"
                .formatted(
                    shipped.product().launchSeconds(),
                    shipped.product().computeFactor(),
                    shipped.product().memoryFactor(),
                    shipped.product().sharpness()));
  }

  /** A table of times that follow a curve exactly gives that curve back. */
  @Test
  void aKnownCurveIsFound() throws IOException {
    Path folder = temp.resolve("op_perf");
    KernelBounds bounds = new KernelBounds(BuiltInHardware.of("GA100"), MapperMode.GPU, 2);
    BoundCurve product = new BoundCurve(4e-6, 1.2, 1.4, 2);
    BoundCurve prefill = new BoundCurve(8e-6, 1.6, 1.3, 1.5);
    DecodeCurve decode = new DecodeCurve(9e-6, 1.3, 2e-8, 0.02);
    LinkCurve link = new LinkCurve(5e-6, 1.6);
    List<Map<String, Object>> products = new ArrayList<>();
    List<Map<String, Object>> prompts = new ArrayList<>();
    List<Map<String, Object>> decodes = new ArrayList<>();
    List<Map<String, Object>> reductions = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      int m = 1 << i % 12;
      int n = 512 << (i / 12);
      products.add(
          measured(
              "gemm",
              product.seconds(
                  bounds.productCompute(1, m, n, 2048), bounds.productMemory(1, m, n, 2048)),
              "gemm_dtype",
              "bfloat16",
              "m",
              m,
              "n",
              n,
              "k",
              2048));
      int tokens = 16 << i % 10;
      int heads = 8 << (i / 12);
      double kept = 256.0 * (8.0 * tokens + (double) heads * tokens);
      prompts.add(
          attention(
              "context_attention",
              prefill.seconds(bounds.attentionCompute(heads, tokens, 0, 256), bounds.memory(kept)),
              1,
              tokens,
              0,
              heads));
      int batch = 1 << i % 8;
      double elements = 256.0 * (tokens + 1);
      decodes.add(
          attention(
              "generation_attention",
              decode.seconds(
                  bounds.memory(elements * 8 * batch),
                  8L * batch,
                  bounds.memoryOfOneCore(elements)),
              batch,
              1,
              tokens,
              heads));
      int size = 64 << i % 20;
      int devices = i < 20 ? 2 : 4;
      reductions.add(
          measured(
              "all_reduce",
              link.seconds(bounds.allReduceTransfer(2L * size, devices)),
              "allreduce_dtype",
              "bfloat16",
              "num_gpus",
              devices,
              "message_size",
              size));
    }
    ParquetFiles.write(folder.resolve("gemm_perf.parquet"), products);
    ParquetFiles.write(folder.resolve("context_attention_perf.parquet"), prompts);
    ParquetFiles.write(folder.resolve("generation_attention_perf.parquet"), decodes);
    JobRun boundless = operator("--tune=" + folder, "--device=TPUv3");
    assertThat(boundless.exitCode()).isEqualTo(2);
    assertThat(boundless.err()).contains("llmcompass_tuned needs the bandwidth of the memory");
    JobRun missing = operator("--tune=" + folder, "--device=GA100");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("too few kernels of all-reduce");

    ParquetFiles.write(folder.resolve("custom_allreduce_perf.parquet"), reductions);
    JobRun run = operator("--tune=" + folder, "--device=GA100");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("measured on GPU, described as GA100")
        .containsPattern("products .* 0\\.[0-2] % +-?0\\.[0-2] %")
        .containsPattern("attention, prefill .* 0\\.[0-2] % +-?0\\.[0-2] %")
        .containsPattern("attention, decode .* 0\\.[0-2] % +-?0\\.[0-2] %")
        .containsPattern("all_reduce: \\{launch_seconds: (5\\.0|4\\.99)")
        .containsPattern("product: \\{launch_seconds: (4\\.0|3\\.99)");
  }

  private static Map<String, Object> attention(
      String operator, double seconds, int batch, int tokens, int past, int heads) {
    return measured(
        operator,
        seconds,
        "attn_dtype",
        "bfloat16",
        "kv_cache_dtype",
        "bfloat16",
        "batch_size",
        batch,
        "isl",
        tokens,
        "step",
        past,
        "num_heads",
        heads,
        "num_key_value_heads",
        8,
        "head_dim",
        128);
  }

  private static Map<String, Object> measured(String operator, double seconds, Object... shape) {
    List<Object> all =
        new ArrayList<>(
            List.of(
                "framework",
                "VLLM",
                "version",
                "1",
                "device",
                "GPU",
                "op_name",
                operator,
                "kernel_source",
                "known",
                "latency",
                1e3 * seconds));
    all.addAll(List.of(shape));
    return ParquetFiles.row(all.toArray());
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
    lines(
        temp.resolve("tuned.yaml"),
        "name: tuned",
        "simulate:",
        "  workload: {kind: trace, file: trace.csv}",
        "  model: [plumbline/tiny, meta-llama/Llama-2-7b-hf, Qwen/Qwen3-0.6B]",
        "  device: a100",
        "  scheduler: sarathi",
        "  predictor:",
        "    kind: llmcompass_tuned",
        "    description: {hardware: GA100, memory_bytes_per_second: [2.0e12, 4.0e12]}");
    JobRun tuned =
        JobRun.of(
            new SweepJob(),
            temp.resolve("tuned.yaml").toString(),
            "--results=" + temp.resolve("r"));
    assertThat(tuned.exitCode()).as(tuned.out() + tuned.err()).isZero();
    JobRun run =
        JobRun.of(
            new SweepJob(),
            temp.resolve("models.yaml").toString(),
            "--results=" + temp.resolve("r"));
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
  }
}
