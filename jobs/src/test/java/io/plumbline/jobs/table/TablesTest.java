package io.plumbline.jobs.table;

import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.measured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
  private final SparkSession spark = SharedSpark.session();
  @TempDir Path results;

  @Test
  void tablesWithoutFilesAreEmptyWithTheirColumns() {
    Tables.register(spark, results.toString());
    for (Table table : Table.values()) {
      Dataset<Row> rows = spark.table(table.tableName());
      assertThat(rows.schema().fieldNames())
          .isEqualTo(RecordSchema.structType(table.rowType()).fieldNames());
      assertThat(rows.isEmpty()).isTrue();
    }
  }

  @Test
  void rowsComeBackFromParquetAsTheyWere() {
    RunTags tags = new RunTags("first", "sarathi", "roofline", 2, 4, 1, "tokens");
    // "007" must stay a text: Spark would guess a number from the folder's name.
    new RunWriter(results.toString()).write(measured("007"), REFERENCE, tags);
    Tables.register(spark, results.toString());

    assertThat(read(RunRow.class, "run"))
        .containsExactly(RunRow.of(measured("007"), REFERENCE, tags));
    assertThat(read(RequestTimingRow.class, "request_timing"))
        .containsExactlyElementsOf(
            REFERENCE.requests().stream()
                .map(r -> RequestTimingRow.of(measured("007"), r))
                .toList());
    assertThat(read(IterationTimingRow.class, "iteration_timing"))
        .containsExactly(IterationTimingRow.of(measured("007"), REFERENCE.iterations().get(0)));
    List<TokenTimingRow> tokens = new ArrayList<>();
    for (int r = 0; r < 3; r++) {
      for (int k = 0; k < 3; k++) {
        tokens.add(TokenTimingRow.of(measured("007"), REFERENCE.tokens(), r, k));
      }
    }
    assertThat(read(TokenTimingRow.class, "token_timing")).containsExactlyElementsOf(tokens);
  }

  @Test
  void aSessionKeepsItsViewsUntilWhatTheyAreMadeOfChanges() {
    new RunWriter(results.toString()).write(measured("r1"), REFERENCE, RunTags.NONE);
    Tables.register(spark, results.toString());
    LogicalPlan run = plan("run");
    LogicalPlan errors = plan("error_summary");
    LogicalPlan batches = plan("batch_metric");
    Tables.register(spark, results.toString());
    assertThat(plan("run")).isSameAs(run);
    assertThat(plan("batch_metric")).isSameAs(batches);

    // What a user made of the name, or dropped, is ours again.
    spark.sql("SELECT 1 AS one").createOrReplaceTempView("run");
    spark.catalog().dropTempView("batch_metric");
    Tables.register(spark, results.toString());
    assertThat(spark.table("run").count()).isEqualTo(1);
    assertThat(spark.table("run").columns()).contains("run_id");
    assertThat(spark.table("batch_metric").count()).isEqualTo(1);

    new RunWriter(results.toString()).write(measured("r2"), REFERENCE, RunTags.NONE);
    Tables.register(spark, results.toString());
    assertThat(spark.table("run").count()).isEqualTo(2);
    assertThat(spark.table("batch_metric").count()).isEqualTo(2);
    assertThat(plan("error_summary")).isSameAs(errors);
  }

  private LogicalPlan plan(String view) {
    return ((org.apache.spark.sql.classic.SparkSession) spark)
        .sessionState()
        .catalog()
        .getRawTempView(view)
        .get();
  }

  @Test
  void totalsOfARunFollowFromItsRequests() {
    // First arrival 0 s, last end 2 s + 30 ms + 2 * 10 ms = 2.05 s; 3 requests of 3 tokens.
    RunRow run = RunRow.of(measured("r1"), REFERENCE, RunTags.NONE);
    assertThat(run.durationSeconds()).isEqualTo(2.05);
    assertThat(run.throughputRequestsPerSecond()).isEqualTo(3 / 2.05);
    assertThat(run.throughputTokensPerSecond()).isEqualTo(9 / 2.05);
    assertThat(run.softwareJson()).isEqualTo("{\"java\":\"17\"}");
  }

  @Test
  void filesWithOtherColumnsAreRefusedWithTheDifference() {
    PartitionWriter partitions = new PartitionWriter(results.toString());
    partitions.replace(Table.ERROR_SUMMARY, List.of("c1"), List.of(summary()).iterator());
    Path from = results.resolve("error_summary/comparison_id=c1/part-0.parquet");
    Path to = results.resolve("request_error/comparison_id=c1/part-0.parquet");
    assertThat(to.getParent().toFile().mkdirs()).isTrue();
    assertThat(from.toFile().renameTo(to.toFile())).isTrue();

    assertThatThrownBy(() -> Tables.register(spark, results.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            to
                + " does not have the columns of table request_error: missing [DOUBLE"
                + " relative_error, DOUBLE signed_error_ns, INT32 request_id], unexpected [BINARY"
                + " statistic, BINARY verdict, BINARY workload_id, DOUBLE pass_percent, DOUBLE"
                + " percent_error, DOUBLE warn_percent, INT32 dropped_requests, INT64 samples]."
                + " Maybe another version of Plumbline wrote it; write it again or remove its"
                + " folder.");
  }

  private static ErrorSummaryRow summary() {
    return new ErrorSummaryRow("c1", "r", "s", "w", "ttft", "p50", 1, 1, 0.0, "PASS", 1, 5, 9, 0);
  }

  private <R extends Record> List<R> read(Class<R> type, String table) {
    return spark.table(table).collectAsList().stream()
        .map(row -> RecordSchema.record(row, type))
        .toList();
  }
}
