package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.ContentHash;
import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Kind, folder, licence. */
  private static final List<List<String>> ALL =
      List.of(
          List.of("seed-run", "seed_a100_qwen3_0.6b", "MIT"),
          List.of("vllm-requests", "llmservingsim_vllm019", "MIT"),
          List.of("llmservingsim", "llmservingsim_vllm019", "MIT"),
          List.of("llmservingsim-profile", "llmservingsim_vllm019", "MIT"),
          List.of("llmservingsim-figures", "llmservingsim_ispass26", "MIT"),
          List.of("qps-grid", "vllm_vidur_reproduce", "MIT"),
          List.of("aiconfigurator-silicon", "aiconfigurator", "Apache-2.0"),
          List.of("aiconfigurator-kernels", "aiconfigurator", "Apache-2.0"),
          List.of("vllm-steps", "inference_sim_vllm0151", "Apache-2.0"),
          List.of("splitwise", "splitwise_sim", "MIT"),
          List.of("llmcompass", "llmcompass_a100_mi210", "BSD-3-Clause"));

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

  private static void ingest(List<String> source) {
    JobRun run =
        JobRun.of(
            new IngestJob(),
            source.get(0),
            FOLDER.resolve(source.get(1)).toString(),
            "--label=" + source.get(1),
            "--licence=" + source.get(2),
            "--source=https://example.org/" + source.get(1),
            "--results=" + results);
    assertThat(run.err()).as(source.toString()).isEmpty();
    assertThat(run.exitCode()).as(source.toString()).isZero();
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
        .as("of files of their own, and of runs")
        .containsExactly("false,7089", "true,1448");
  }

  @Test
  void theSourceCountsWhatItBrought() {
    assertThat(
            rows(
                """
                SELECT sum(run_summaries) = (SELECT count(*) FROM run_summary),
                  sum(operator_timings) = (SELECT count(*) FROM operator_timing),
                  sum(engine_steps) = (SELECT count(*) FROM engine_step),
                  count(licence) = count(*) AND count(source_url) = count(*)
                FROM source"""))
        .containsExactly("true,true,true,true");
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
