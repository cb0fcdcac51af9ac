package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reproduces a published comparison of an A100 with a simulator, from its raw files. */
class PublishedRunTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("plumbline.home"), "..", "shared", "real", "seed_a100_qwen3_0.6b");

  @TempDir Path results;

  @BeforeEach
  void requireTheFiles() {
    assumeTrue(
        Files.isDirectory(FOLDER),
        () -> "skipped: the published run is not at " + FOLDER.toAbsolutePath().normalize());
  }

  @Test
  void publishedPercentilesAreReproducedToTheDigit() throws IOException {
    ingest("real_run", "a100");
    ingest("vidur_run", "vidur");
    ingest("vidur_run", "vidur");
    JobRun run =
        JobRun.of(
            new CompareJob(),
            "--reference=a100",
            "--simulated=vidur",
            "--check",
            "--results=" + results);
    assertThat(run.exitCode()).isEqualTo(JobCommand.CHECK_FAILED);
    assertThat(run.out())
        .containsPattern("ttft +p50 +17\\.284 +1\\.968 +-88\\.6 +FAIL +8\n")
        .containsPattern("token_latency +p50 +13\\.612 +1\\.824 +-86\\.6 +FAIL +512\n");

    SparkSession spark = SharedSpark.session();
    Tables.register(spark, results.toString());
    requirePublished("ttft_percentiles.csv", "ttft");
    // The publication takes 0 for the first token of each request into its gaps between tokens.
    requirePublished("token_latency_percentiles.csv", "token_latency");
    // Without those zeros: 8 requests of 63 gaps.
    Row tbt =
        spark
            .sql(
                "SELECT reference_ns, simulated_ns, samples FROM error_summary"
                    + " WHERE metric = 'tbt' AND statistic = 'p50'")
            .head();
    assertThat(tbt.getDouble(0)).isEqualTo(13_615_572.0);
    assertThat(tbt.getDouble(1)).isEqualTo(1_824_867.5);
    assertThat(tbt.getLong(2)).isEqualTo(8 * 63);

    JobRun report =
        JobRun.of(new ReportJob(), "--results=" + results, "--out=target/published-report");
    assertThat(report.err()).isEmpty();
    assertThat(Path.of("target/published-report/report.md"))
        .content()
        .contains("| TTFT | P50 | 17.284 | 1.968 | -88.6 | FAIL | 8 |");
  }

  private void ingest(String folder, String label) {
    JobRun run =
        JobRun.of(
            new IngestJob(),
            "seed-run",
            FOLDER.resolve(folder).toString(),
            "--label=" + label,
            "--results=" + results);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
  }

  private void requirePublished(String file, String metric) throws IOException {
    List<String> lines = Files.readAllLines(FOLDER.resolve("compare").resolve(file));
    assertThat(lines).hasSize(4);
    for (String line : lines.subList(1, 4)) {
      List<String> cells = List.of(line.split(",", -1));
      Row row =
          SharedSpark.session()
              .sql(
                  "SELECT reference_ns, simulated_ns FROM error_summary WHERE metric = '%s' AND statistic = '%s'"
                      .formatted(metric, cells.get(0)))
              .head();
      assertThat(row.getDouble(0)).isEqualTo(Double.parseDouble(cells.get(1)), within(1e-6));
      assertThat(row.getDouble(1)).isEqualTo(Double.parseDouble(cells.get(2)), within(1e-6));
    }
  }
}
