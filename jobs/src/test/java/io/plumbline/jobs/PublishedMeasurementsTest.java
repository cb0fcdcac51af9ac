package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.ContentHash;
import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes in everything that others published and counts it. Where a set holds less than its source
 * does, the rest is kept back to be judged by: the counts are those of the rows that are there.
 */
class PublishedMeasurementsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("plumbline.home"), "..", "shared", "real");

  /**
   * Files of one kind.
   *
   * @param path the folder, or the one file where the device has to be said
   * @param device null where the files name it
   */
  private record Published(IngestKind kind, String path, String licence, String device) {
    Published(IngestKind kind, String path, String licence) {
      this(kind, path, licence, null);
    }

    String folder() {
      return Path.of(path).getName(0).toString();
    }
  }

  private static final List<Published> ALL =
      List.of(
          new Published(IngestKind.SEED_RUN, "seed_a100_qwen3_0.6b", "MIT"),
          new Published(IngestKind.VLLM_REQUESTS, "llmservingsim_vllm019", "MIT"),
          new Published(IngestKind.LLMSERVINGSIM, "llmservingsim_vllm019", "MIT"),
          new Published(IngestKind.LLMSERVINGSIM_PROFILE, "llmservingsim_vllm019", "MIT"),
          new Published(IngestKind.LLMSERVINGSIM_FIGURES, "llmservingsim_ispass26", "MIT"),
          new Published(IngestKind.VLLM_LOG, "llmservingsim_ispass26", "MIT"),
          new Published(IngestKind.QPS_GRID, "vllm_vidur_reproduce", "MIT"),
          new Published(IngestKind.AICONFIGURATOR_SILICON, "aiconfigurator", "Apache-2.0"),
          new Published(IngestKind.AICONFIGURATOR_KERNELS, "aiconfigurator", "Apache-2.0"),
          new Published(IngestKind.VLLM_STEPS, "inference_sim_vllm0151", "Apache-2.0"),
          new Published(IngestKind.BLIS, "inference_sim_vllm0151", "Apache-2.0"),
          new Published(IngestKind.SPLITWISE, "splitwise_sim", "MIT"),
          new Published(IngestKind.LLMCOMPASS, "llmcompass_a100_mi210", "BSD-3-Clause"),
          new Published(
              IngestKind.ACCELSIM_KERNELS,
              "accelsim/a100_llm_kernels_ncu_vs_accelsim.csv",
              "numbers only",
              "A100"),
          new Published(
              IngestKind.ACCELSIM_KERNELS,
              "accelsim/accelwattch_v100_hw_perf.csv",
              "BSD-2-Clause",
              "V100"),
          new Published(
              IngestKind.ACCELSIM_KERNELS,
              "accelsim/accelwattch_v100_hw_power_validation.csv",
              "BSD-2-Clause",
              "V100"),
          new Published(
              IngestKind.ACCELSIM_KERNELS,
              "accelsim/accelwattch_power_hw_vs_sim.csv",
              "BSD-2-Clause"),
          new Published(IngestKind.ACCELSIM_TUNER, "accelsim", "BSD-2-Clause"));

  /** Files that hold nothing of their own to take in; docs/importing.md says why of each. */
  private static final List<String> LEFT_OUT =
      List.of(
          "**LICENSE",
          "**README.md",
          "aiconfigurator/op_perf/*.yaml",
          "aiconfigurator/op_perf/**/collection_meta.yaml",
          "inference_sim_vllm0151/blis_defaults.yaml",
          "inference_sim_vllm0151/blis_hardware_config.json",
          "llmcompass_a100_mi210/die_area.csv",
          "llmservingsim_vllm019/bench/**/llmservingsim_summary.txt",
          "llmservingsim_vllm019/bench/**/real_request_metrics.csv",
          "llmservingsim_vllm019/profile/**/skew_fit.csv",
          "llmservingsim_vllm019/workloads/*.csv",
          "seed_a100_qwen3_0.6b/compare/*.csv",
          "seed_a100_qwen3_0.6b/vidur_run/vidur_*",
          "seed_a100_qwen3_0.6b/workload/*",
          "vllm_vidur_reproduce/decision_fidelity_vidur.csv");

  @TempDir static Path results;

  @BeforeAll
  static void ingest() {
    if (Files.isDirectory(FOLDER)) {
      ALL.forEach(PublishedMeasurementsTest::ingest);
      Tables.register(SharedSpark.session(), results.toString());
    }
  }

  /**
   * Before each test and not once: a class that is skipped as a whole is not counted as skipped.
   */
  @BeforeEach
  void requireFolder() {
    assumeTrue(
        Files.isDirectory(FOLDER),
        () -> "skipped: no measurements at " + FOLDER.toAbsolutePath().normalize());
  }

  private static void ingest(Published set) {
    List<String> args =
        new ArrayList<>(
            List.of(
                set.kind().toString(),
                FOLDER.resolve(set.path()).toString(),
                "--label=" + set.folder(),
                "--licence=" + set.licence(),
                "--source=https://example.org/" + set.folder(),
                "--results=" + results));
    if (set.device() != null) {
      args.add("--device=" + set.device());
    }
    JobRun run = JobRun.of(new IngestJob(), args.toArray(String[]::new));
    assertThat(run.err()).as(set.toString()).isEmpty();
    assertThat(run.exitCode()).as(set.toString()).isZero();
  }

  @Test
  void everyFileIsTakenInOrLeftOutForAReason() throws IOException {
    List<Path> taken =
        ALL.stream()
            .flatMap(set -> set.kind().importer().parts(FOLDER.resolve(set.path())).stream())
            .flatMap(part -> part.files().stream())
            .map(file -> file.toAbsolutePath().normalize())
            .toList();
    List<PathMatcher> leftOut =
        LEFT_OUT.stream()
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .toList();
    Path root = FOLDER.toAbsolutePath().normalize();
    try (Stream<Path> all = Files.walk(root)) {
      assertThat(all.filter(Files::isRegularFile).filter(file -> !taken.contains(file)))
          .allMatch(file -> leftOut.stream().anyMatch(glob -> glob.matches(root.relativize(file))));
    }
  }

  @Test
  void everyRunIsThereWithItsRequests() {
    assertThat(
            rows(
                """
                SELECT split(label, '/')[0], engine, origin, count(*), sum(requests), licence
                FROM run WHERE source_url LIKE 'https://example.org/%'
                GROUP BY ALL ORDER BY 1, 2"""))
        .containsExactly(
            "llmservingsim_vllm019,llmservingsim,simulated,3,900,MIT",
            "llmservingsim_vllm019,vllm,measured,3,900,MIT",
            "seed_a100_qwen3_0.6b,sarathi,measured,1,8,MIT",
            "seed_a100_qwen3_0.6b,vidur,simulated,1,8,MIT",
            "vllm_vidur_reproduce,vllm,measured,40,1460,MIT");
    assertThat(rows("SELECT count(*) FROM request_timing")).containsExactly("3276");
    assertThat(
            rows(
                """
                SELECT split(label, '/')[0], count(*), count(DISTINCT run_id, request_id)
                FROM token_timing JOIN run USING (run_id) GROUP BY 1 ORDER BY 1"""))
        .as("of the grid: 73,732 gaps and the first tokens of 146 requests")
        .containsExactly("seed_a100_qwen3_0.6b,1024,16", "vllm_vidur_reproduce,73878,146");
  }

  @Test
  void everyPointIsThere() {
    assertThat(
            rows(
                """
                SELECT kind, name, count(DISTINCT point_id), count(*), origin
                FROM run_summary JOIN source USING (source_id)
                WHERE kind <> 'llmservingsim-figures' GROUP BY ALL ORDER BY 1, 2"""))
        .containsExactly(
            "aiconfigurator-silicon,silicon_refs.csv,35,70,measured",
            "aiconfigurator-silicon,silicon_sample.csv,3632,7264,measured",
            "blis,blis_trained_physics_iter29_golden.json,15,105,simulated",
            "qps-grid,vidur_latency_metrics_all.csv,322,2632,simulated",
            "qps-grid,vllm_latency_metrics_all.csv,226,3706,measured",
            "splitwise,perf_model.csv,1260,6300,measured");
    assertThat(
            rows(
                """
                SELECT origin, count(*) FROM run_summary JOIN source USING (source_id)
                WHERE kind = 'llmservingsim-figures' GROUP BY 1 ORDER BY 1"""))
        .as("every number of the tables")
        .containsExactly("measured,12", "simulated,33");
    assertThat(
            rows(
                """
                SELECT device, count(DISTINCT point_id) FROM run_summary
                WHERE engine = 'vllm' AND clock = 'client' GROUP BY 1 ORDER BY 1"""))
        .containsExactly("a100_p4d,130", "h100_p5,96");
  }

  @Test
  void everyOperatorStepAndReadingIsThere() {
    assertThat(
            rows(
                """
                SELECT kind, device, count(*) FROM operator_timing JOIN source USING (source_id)
                WHERE kind <> 'llmservingsim-profile' GROUP BY ALL ORDER BY 1, 2"""))
        .as("LLMCompass: 194 operators and 32 all-reduces; lists lack the last newline")
        .containsExactly(
            "aiconfigurator-kernels,NVIDIA A100-SXM4-80GB,27130",
            "aiconfigurator-kernels,NVIDIA H100 80GB HBM3,247079",
            "llmcompass,A100,140",
            "llmcompass,MI210,86");
    assertThat(
            rows(
                """
                SELECT count(*) FROM operator_timing JOIN source USING (source_id)
                WHERE kind = 'llmservingsim-profile'"""))
        .containsExactly("134709");
    assertThat(
            rows(
                "SELECT tensor_parallel, count(*), count(cycle_ns) FROM engine_step GROUP BY 1"
                    + " ORDER BY 1"))
        .containsExactly("2,7441,1186", "4,12671,2694");
    assertThat(rows("SELECT source_id LIKE 'r%', count(*) FROM gauge_sample GROUP BY 1 ORDER BY 1"))
        .as("of files of their own, 75 lines of vLLM's log with 6 readings each, and of runs")
        .containsExactly("false,7539", "true,1448");
  }

  @Test
  void everyKernelIsThereOnceMeasuredAndOncePerSimulation() {
    assertThat(
            rows(
                """
                SELECT device, origin, count(*), count(cycles), count(mean_power_watts)
                FROM kernel_timing GROUP BY ALL ORDER BY 1, 2"""))
        .containsExactly(
            "A100,measured,4,4,0",
            "A100,simulated,4,4,0",
            "Pascal,measured,22,0,22",
            "Pascal,simulated,42,0,42",
            "Turing,measured,26,0,26",
            "Turing,simulated,47,0,47",
            "V100,measured,51,25,26",
            "Volta,measured,26,0,26",
            "Volta,simulated,97,0,97");
    String errors =
        """
        SELECT %s FROM kernel_timing h JOIN kernel_timing s USING (source_id, device, program, kernel)
        WHERE h.origin = 'measured' AND s.origin = 'simulated' AND s.tool = '%s'
        GROUP BY ALL ORDER BY 1""";
    assertThat(
            rows(
                errors.formatted(
                    "program, round(100 * (max(s.cycles / h.cycles) - 1), 1)", "accel-sim")))
        .as("cycle_err_pct, as the file has it")
        .containsExactly("D3,40.2", "F3,34.5", "G4,25.9", "R2,37.9");
    assertThat(
            rows(
                errors.formatted(
                    "device, s.variant, round(avg(abs(s.mean_power_watts / h.mean_power_watts - 1)) * 100, 1)",
                    "accelwattch")))
        .as("mean absolute errors, worked out from the rows outside of Plumbline")
        .contains("Volta,SASS_SIM,9.2", "Volta,HW,7.5", "Volta,Hybrid,8.2", "Volta,PTX_SIM,13.7");
    assertThat(rows("SELECT device, count(*) FROM microbenchmark GROUP BY 1"))
        .containsExactly("TITAN V,74");
  }

  @Test
  void theSourceCountsWhatItBrought() {
    assertThat(
            rows(
                """
                SELECT sum(run_summaries) = (SELECT count(*) FROM run_summary),
                  sum(operator_timings) = (SELECT count(*) FROM operator_timing),
                  sum(kernel_timings) = (SELECT count(*) FROM kernel_timing),
                  sum(microbenchmarks) = (SELECT count(*) FROM microbenchmark),
                  sum(engine_steps) = (SELECT count(*) FROM engine_step),
                  count(licence) = count(*) AND count(source_url) = count(*)
                FROM source"""))
        .containsExactly("true,true,true,true,true,true");
  }

  @Test
  void takingItInAgainChangesNothing() throws IOException {
    Map<String, String> before = files();
    ALL.forEach(PublishedMeasurementsTest::ingest);
    assertThat(files()).isEqualTo(before);
  }

  private static Map<String, String> files() throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(results)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        hashes.put(results.relativize(file).toString(), ContentHash.of(results, List.of(file)));
      }
    }
    return hashes;
  }

  private static List<String> rows(String sql) {
    return SharedSpark.session().sql(sql).collectAsList().stream()
        .map(PublishedMeasurementsTest::text)
        .toList();
  }

  private static String text(Row row) {
    return Stream.iterate(0, i -> i < row.size(), i -> i + 1)
        .map(i -> String.valueOf(row.get(i)))
        .collect(Collectors.joining(","));
  }
}
