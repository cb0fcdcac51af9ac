package io.plumbline.jobs;

import static io.plumbline.jobs.ParquetFiles.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.score.ScoredSilicon;
import io.plumbline.jobs.score.ScoredSteps;
import io.plumbline.jobs.score.SiliconTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logged iterations and points of a closed loop, predicted from tables of a few rows. */
class KernelTablesScoreTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));

  /**
   * The least that an iteration takes: in each of 4 layers four products of 1 ms and attention of
   * 2, and the LM head. Kernels without a table add 24 launches of 3 us.
   */
  private static final double ITERATION_MS = 4 * 6 + 1;

  @TempDir private Path folder;

  @BeforeEach
  void tables() throws IOException {
    KernelTableFiles.write(folder.resolve("op_perf"), "0.19.0");
  }

  private Path conf(String text) throws IOException {
    return Files.writeString(folder.resolve("score.yaml"), "name: test\n" + text);
  }

  private List<ScoredSteps> steps(String predictor) throws IOException {
    Path file =
        conf(
            """
            steps:
              - name: mine
                file: steps.parquet
                experiment: one
                simulate:
                  model: plumbline/tiny
                  device: h100-sxm
                  scheduler: vllm_v1
                  predictor: %s
            """
                .formatted(predictor));
    return ScoredSteps.read(file, HOME.resolve("models"), new PathResolver(folder, HOME, null));
  }

  private static Map<String, Object> step(int id, double startMs, int decodes, int prefillTokens) {
    return row(
        "step.id",
        id,
        "step.ts_start_ns",
        (long) (startMs * 1e6),
        "batch.num_decode_reqs",
        decodes,
        "batch.prefill_tokens",
        prefillTokens,
        "kv.blocks_total_gpu",
        100,
        "kv.blocks_free_gpu",
        100 - 2 * decodes,
        "experiment_id",
        "one",
        "cycle_time_us",
        1.0);
  }

  /** Of seven iterations only two have a next one and no prompt on either side. */
  private void trace(double stepMs) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(step(1, 0, 8, 0));
    rows.add(step(2, stepMs, 8, 0));
    rows.add(step(3, 2 * stepMs, 8, 0));
    rows.add(step(5, 900, 8, 0));
    rows.add(step(7, 1000, 8, 0));
    rows.add(step(8, 1900, 8, 40));
    rows.add(step(9, 2900, 8, 0));
    ParquetFiles.write(folder.resolve("steps.parquet"), rows);
  }

  @Test
  void anIterationLastsUntilTheNextOneStarts() throws IOException {
    trace(2 * ITERATION_MS);
    ScoredSteps scored = steps("{kind: kernel_tables, root: op_perf}").get(0);
    assertThat(scored.steps()).hasSize(2);
    // 2 blocks of 16 for each request, the last of them half full.
    assertThat(scored.steps().get(0).contextTokens()).isEqualTo(24);
    assertThat(ScoredSteps.markdown(List.of(scored)))
        .contains("| mine | all | 2 | 50.00 | 25.07 | 49.9 % | -49.9 % | 0.0 % |")
        .contains("|  | 8 to 15 | 2 |");
  }

  @Test
  void anExperimentThatIsNotThereIsRefused() throws IOException {
    ParquetFiles.write(
        folder.resolve("steps.parquet"), List.of(step(1, 0, 8, 0), step(3, 9, 8, 0)));
    assertThatThrownBy(() -> steps("{kind: kernel_tables, root: op_perf}"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no iterations of decodes of the experiment one whose next one");
  }

  @Test
  void theLatestVersionCounts_unlessOneIsStated() throws IOException {
    trace(ITERATION_MS);
    Path older = folder.resolve("op_perf/h100_sxm/gemm/vllm/0.9.1/gemm_perf.parquet");
    ParquetFiles.write(
        older, List.of(row("gemm_dtype", "bfloat16", "m", 1, "n", 1, "k", 1, "latency", 7.0)));
    assertThat(ScoredSteps.markdown(steps("{kind: kernel_tables, root: op_perf}")))
        .contains("| mine | all | 2 | 25.00 | 25.07 |");
    assertThatThrownBy(() -> steps("{kind: kernel_tables, root: op_perf, version: 0.9.1}"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no context_attention_perf.parquet of vllm 0.9.1 in");
  }

  @Test
  void shapesWithoutATableAreRefused() throws IOException {
    trace(ITERATION_MS);
    Path file =
        conf(
            """
            steps:
              - name: mine
                file: steps.parquet
                experiment: one
                simulate:
                  model: Qwen/Qwen3-0.6B
                  device: h100-sxm
                  scheduler: vllm_v1
                  predictor: {kind: kernel_tables, root: op_perf}
            """);
    assertThatThrownBy(
            () ->
                ScoredSteps.read(
                    file, HOME.resolve("models"), new PathResolver(folder, HOME, null)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("context_attention_perf.parquet: no rows with")
        .hasMessageContaining("It has {head_dim=[32]}");
  }

  private SiliconTable silicon(String... points) throws IOException {
    Files.writeString(
        folder.resolve("silicon.csv"),
        "id,silicon_data_source,backend,model_path,system,precision,mode,isl,osl,gemm_quant_mode,batch_size,tp_size,pp_size,silicon_ttft_ms,silicon_tpot_ms\n"
            + String.join("\n", points)
            + "\n");
    Path file =
        conf(
            """
            silicon:
              - name: silicon
                file: silicon.csv
                requests_per_slot: 2
                simulate:
                  node: h100_dgx
                  scheduler: vllm_v1
                  predictor: {kind: kernel_tables, root: op_perf, host: {per_step_us: 0}}
                models:
                  - {called: tiny, simulate: {model: plumbline/tiny}}
            """);
    return SiliconTable.of(
        ScoredSilicon.read(file, HOME.resolve("models"), new PathResolver(folder, HOME, null)));
  }

  @Test
  void pointsOfAClosedLoopArePredictedOneRequestAfterTheOther() throws IOException {
    SiliconTable table =
        silicon(
            "a,silicon_concurrency=1,vllm,tiny,h100_sxm,,agg,64,4,,1,1,1,50,50",
            "b,silicon_concurrency=1,vllm,tiny,h100_sxm,fp8,agg,64,4,fp8,1,1,1,50,50");
    String[] lines = table.csv().split("\n");
    assertThat(lines).hasSize(3);
    double[] plain = predicted(lines[1]);
    // A prompt and its decodes alone each take one iteration.
    assertThat(plain[0]).isCloseTo(ITERATION_MS, within(0.2));
    assertThat(plain[1]).isCloseTo(ITERATION_MS, within(0.2));
    // In FP8 each of 16 products takes half; the LM head does not.
    assertThat(plain[1] - predicted(lines[2])[1]).isCloseTo(16 * 0.5, within(1e-3));
    assertThat(table.markdown())
        .contains("| vllm | tiny | 16 bits | h100_sxm | 1 | ")
        .contains("| vllm | tiny | fp8 | h100_sxm | 1 | ");
  }

  private static double[] predicted(String line) {
    String[] fields = line.split(",", -1);
    return new double[] {Double.parseDouble(fields[10]), Double.parseDouble(fields[12])};
  }

  @Test
  void whatCannotBePredictedIsCountedByReason() throws IOException {
    SiliconTable table =
        silicon(
            "a,,vllm,other,h100_sxm,,agg,64,4,,1,1,1,50,50",
            "b,,vllm,tiny,h100_sxm,,disagg,64,4,,,,,50,50",
            "c,,vllm,tiny,h200_sxm,,agg,64,4,,1,1,1,50,50",
            "d,,vllm,tiny,h200_sxm,,agg,64,4,,2,1,1,50,50");
    assertThat(table.markdown())
        .contains("| vllm | h100_sxm | no model of that name in the file of runs | 1 |")
        .contains("| vllm | h100_sxm | disaggregated | 1 |")
        .contains("| vllm | h200_sxm | no tables of h200 | 2 |");
  }
}
