package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The protocol with the originals, held with stand-ins that speak their forms. */
@Timeout(300)
class SystemsSweepTest {
  /**
   * Serves each request for 0.25 s from 0.125 s after its arrival on; the first token is in the
   * middle.
   */
  private static final String VIDUR =
      """
      #!/bin/sh
      echo "$@" > args
      while [ $# -gt 0 ]; do
        case $1 in
          --trace_request_generator_config_trace_file) trace=$2 ;;
          --metrics_config_output_dir) out=$2 ;;
        esac
        shift
      done
      [ -e "${0%/*}/broken" ] && echo "KeyError: (4097,)" >&2 && exit 1
      mkdir -p "$out/2026-11-25" && cd "$out/2026-11-25" || exit 1
      echo '{"seed": 1, "cluster_config": {"num_replicas": 1, "replica_config": {
        "model_name": "m", "device": "a100", "tensor_parallel_size": 1, "num_pipeline_stages": 1},
        "replica_scheduler_config": {"name": "sarathi"}},
        "execution_time_predictor_config": {"name": "random_forrest"}}' > config.json
      awk -F, 'NR == 1 { print "Request Id,request_e2e_time,request_scheduling_delay,prefill_e2e_time,request_inter_arrival_delay,request_num_prefill_tokens,request_num_decode_tokens,request_num_restarts"; next }
        { printf "%d,0.375,0.125,0.25,%s,%d,%d,0\\n", NR - 2, (NR == 2 ? "" : sprintf("%.17g", $1 - before)), $2, $3; before = $1 }' \\
        "$trace" > request_metrics.csv
      """;

  private static final String BLIS =
      """
      #!/bin/sh
      while [ $# -gt 0 ]; do
        case $1 in
          --trace-data) trace=$2 ;;
          --results-path) out=$2 ;;
        esac
        shift
      done
      awk -F, 'BEGIN { printf "[" } NR > 1 { printf "%s{\\"request_id\\": %d, \\"ttft_us\\": 1000, \\"e2e_us\\": 5000, \\"input_tokens\\": %d, \\"output_tokens\\": %d}", (NR > 2 ? "," : ""), $1, $10, $11 }
        END { print "]" }' "$trace" > "$out"
      """;

  private static final String REALLM =
      """
      #!/bin/sh
      awk -F, 'NR == 1 { print "request_id,arrival_time,finish_time"; next }
        { printf "%d,%s,", $1, $4; for (i = 1; i <= $7; i++) printf "%.4f,", $4 + i / 100; print "" }' \\
        "$2" > "$3"
      """;

  @TempDir Path folder;
  private Path extern;

  @BeforeEach
  void layOut() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: no /bin/sh");
    extern = folder.resolve("extern");
    System.setProperty("plumbline.extern", extern.toString());
  }

  @AfterEach
  void forget() {
    System.clearProperty("plumbline.extern");
  }

  @Test
  void systemsAreAnAxisWhosePointsAreComparedInOneReport() throws IOException {
    install("vidur", VIDUR);
    Path file =
        sweep("plumbline, vidur-original, llmcompass-original", "sarathi", "plumbline/tiny");
    JobRun run = run(file);
    assertThat(run.out())
        .contains("llmcompass-original is not installed: 2 points are left out.")
        .contains("Maybe run extern/llmcompass/bootstrap.sh.")
        .contains("Of other systems: 4 points, 2 to run.")
        .contains("2 points were compared with plumbline's");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).as("a system is missing").isEqualTo(1);
    assertThat(
            rows(
                "SELECT r.engine, s.axes_json, r.completed, r.code_version, r.licence"
                    + " FROM sweep_point s JOIN run r USING (run_id)"
                    + " ORDER BY r.engine, s.axes_json"))
        .hasSize(4)
        .allMatch(row -> row.contains("\"system\":\"" + system(row) + "\""))
        .last()
        .asString()
        .startsWith("vidur (original) {")
        .endsWith(" 12 7d47513 MIT");
    // Every request of the stand-in has its first token after 250 ms.
    assertThat(
            rows(
                "SELECT DISTINCT simulator, simulated_ns FROM compared_error"
                    + " WHERE metric = 'ttft' AND statistic = 'p50'"))
        .containsExactly("vidur (original) 2.5E8");
    assertThat(rows("SELECT DISTINCT workload_id FROM run")).as("both ran the same").hasSize(2);
    JobRun report =
        JobRun.of(
            new ReportJob(), "--results", results(), "--out", folder.resolve("out").toString());
    assertThat(report.exitCode()).as(report.err()).isZero();
    assertThat(Files.readString(folder.resolve("out/report.md")))
        .contains("system=vidur-original", "system=plumbline", "vidur (original)");
    assertThat(run(file).out()).contains("Of other systems: 4 points, 0 to run.");
    assertThat(folder.resolve("results/_originals")).isDirectoryContaining(Files::isDirectory);
  }

  @Test
  void whatBreaksOrCannotBeSaidIsNamedAndTheRestRuns() throws IOException {
    install("vidur", VIDUR);
    Files.writeString(extern.resolve("vidur/broken"), "");
    install("blis", BLIS);
    JobRun run =
        run(sweep("plumbline, vidur-original, blis-original", "sarathi", "plumbline/tiny"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("vidur-original: exit status 1: KeyError: (4097,)")
        .contains("blis-original: BLIS has vLLM's scheduler of v1 only: kind: vllm_v1");
    assertThat(rows("SELECT DISTINCT engine FROM run")).containsExactly("plumbline");
    Files.delete(extern.resolve("vidur/broken"));
    assertThat(run(sweep("plumbline, vidur-original", "sarathi", "plumbline/tiny")).exitCode())
        .isZero();
  }

  @Test
  void originalsAloneAreComparedWithTheFirstOfThem() throws IOException {
    install("reallm", REALLM);
    install("vidur", VIDUR);
    JobRun run =
        run(sweep("reallm-original, vidur-original", "sarathi", "meta-llama/Meta-Llama-3-70B"));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(
            rows(
                "SELECT DISTINCT reference, simulator, round(reference_ns / 1e6) FROM compared_error"
                    + " WHERE metric = 'tpot' AND statistic = 'p50'"))
        .containsExactly("reallm (original) vidur (original) 10.0");
  }

  @Test
  void blisRunsWhatVllmSchedules() throws IOException {
    install("blis", BLIS);
    JobRun run = run(sweep("plumbline, blis-original", "vllm_v1", "plumbline/tiny"));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(
            rows(
                "SELECT DISTINCT simulator, simulated_ns FROM compared_error"
                    + " WHERE metric = 'e2e' AND statistic = 'p99'"))
        .containsExactly("blis (original) 5000000.0");
  }

  @Test
  void anUnknownSystemIsNamedWithItsPlace() throws IOException {
    JobRun run = run(sweep("plumbline, vidur", "sarathi", "plumbline/tiny"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("is no system. ").contains("vidur-original");
  }

  private static String system(String row) {
    return row.startsWith("vidur") ? "vidur-original" : "plumbline";
  }

  private void install(String name, String script) throws IOException {
    Path run =
        Files.writeString(Files.createDirectories(extern.resolve(name)).resolve("run"), script);
    assertThat(run.toFile().setExecutable(true)).isTrue();
  }

  private Path sweep(String systems, String scheduler, String model) throws IOException {
    return Files.writeString(
        folder.resolve("systems.yaml"),
        """
        name: systems
        limits: {seconds: 60}
        simulate:
          system: [%s]
          workload:
            kind: synthetic
            requests: 12
            seed: 3
            arrivals: {kind: poisson, requests_per_second: [%s]}
            lengths: {kind: uniform, min_prompt_tokens: 8, max_prompt_tokens: 64,
              min_output_tokens: 2, max_output_tokens: 9}
          model: %s
          device: a100
          node: a100_dgx
          tensor_parallel: %d
          scheduler: %s
          predictor: roofline
        """
            .formatted(
                systems,
                systems.contains("llmcompass") ? "50, 500" : "50",
                model,
                model.contains("70B") ? 8 : 1,
                scheduler));
  }

  private JobRun run(Path file) {
    return JobRun.of(new SweepJob(), file.toString(), "--results", results());
  }

  private String results() {
    return folder.resolve("results").toString();
  }

  private List<String> rows(String sql) {
    SparkSession spark = SharedSpark.session();
    Tables.register(spark, results());
    return spark.sql(sql).collectAsList().stream().map(row -> row.mkString(" ")).toList();
  }
}
