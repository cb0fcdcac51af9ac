package io.plumbline.jobs.table;

import static io.plumbline.jobs.TestRuns.MILLI;
import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.SimulatedRuns;
import io.plumbline.jobs.TestRuns;
import io.plumbline.simulator.engine.Compatibility;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewTest {
  private final SparkSession spark = SharedSpark.session();
  @TempDir Path results;

  private void write(String runId, Compatibility compatibility, int stages) {
    new RunWriter(results.toString())
        .write(
            SimulatedRuns.manifest(runId, compatibility),
            SimulatedRuns.secondRestarts(compatibility, stages),
            RunTags.NONE);
  }

  private List<String> rows(String sql) {
    Tables.register(spark, results.toString());
    return spark.sql(sql).collectAsList().stream().map(row -> row.mkString(" ")).toList();
  }

  @Test
  void viewsHaveTheColumnsThatAreDocumented() {
    Tables.register(spark, results.toString());
    for (View view : View.values()) {
      StructType found = spark.table(view.viewName()).schema();
      StructType documented = RecordSchema.structType(view.rowType());
      assertThat(found.fieldNames()).isEqualTo(documented.fieldNames());
      assertThat(List.of(found.fields()))
          .extracting(StructField::dataType)
          .isEqualTo(List.of(types(documented)));
      assertThat(spark.table(view.viewName()).isEmpty()).isTrue();
    }
  }

  private static DataType[] types(StructType schema) {
    DataType[] types = new DataType[schema.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = schema.fields()[i].dataType();
    }
    return types;
  }

  @Test
  void aBatchLastsFromItsFormingToTheEndOfItsLastStage() {
    write("r1", STANDARD, 1);
    write("r2", STANDARD, 2);
    String query =
        "SELECT iteration, scheduled_ns div 1000000, end_ns div 1000000,"
            + " batch_execution_time_ns div 1000000, batch_num_tokens, batch_num_prefill_tokens,"
            + " batch_num_decode_tokens, batch_size FROM batch_metric WHERE run_id = '%s'"
            + " ORDER BY iteration LIMIT 2";
    assertThat(rows(query.formatted("r1")))
        .containsExactly("0 0 26 26 16 16 0 2", "1 26 37 11 1 0 1 1");
    // Each stage takes 26 ms for both prompts together; nothing else can start.
    assertThat(rows(query.formatted("r2"))).first().isEqualTo("0 0 52 52 16 16 0 2");
  }

  @Test
  void aBatchThatIsNotOnItsLastStageIsLeftOut() {
    write("r2", STANDARD, 2);
    assertThat(rows("SELECT count(*) FROM batch_metric")).containsExactly("7");
    spark
        .sql("SELECT * FROM iteration_timing WHERE NOT (iteration = 3 AND stage = 1)")
        .createOrReplaceTempView("cut");
    String sql = View.BATCH_METRIC.sql().replace("iteration_timing", "cut");
    assertThat(spark.sql(sql).count()).isEqualTo(6);
  }

  private static final String GAPS =
      "SELECT request_id, token_index,"
          + " decode_token_execution_plus_preemption_time_ns div 1000000"
          + " FROM decode_token_time WHERE run_id = '%s' ORDER BY 1, 2";

  @Test
  void theGapOfARestartIsATimeOfADecodeToken() {
    write("r1", STANDARD, 1);
    assertThat(rows(GAPS.formatted("r1")))
        .containsExactly("0 1 11", "0 2 11", "0 3 11", "1 1 52", "1 2 11", "1 3 11");
  }

  @Test
  void theGapOfARestartIsLeftOutInVidur() {
    write("r1", VIDUR, 1);
    assertThat(rows(GAPS.formatted("r1")))
        .containsExactly("0 1 11", "0 2 11", "0 3 11", "1 2 11", "1 3 11");
  }

  @Test
  void measuredRunsHaveThemAsWell() {
    new RunWriter(results.toString())
        .write(TestRuns.measured("m1"), TestRuns.REFERENCE, RunTags.NONE);
    assertThat(rows(GAPS.formatted("m1"))).hasSize(6).contains("0 1 10", "2 2 10");
    assertThat(rows("SELECT batch_execution_time_ns, end_ns FROM batch_metric WHERE run_id = 'm1'"))
        .containsExactly("null " + 10 * MILLI);
  }

  @Test
  void seriesCountWhatHasHappened() {
    write("r1", STANDARD, 1);
    String query =
        "SELECT time_ns div 1000000, total FROM time_series WHERE series = '%s' ORDER BY total";
    assertThat(rows(query.formatted("request_arrival"))).containsExactly("0 1", "0 2");
    assertThat(rows(query.formatted("request_completion"))).containsExactly("59 1", "100 2");
    assertThat(rows(query.formatted("prefill_completion"))).containsExactly("26 8", "26 16");
    assertThat(rows(query.formatted("decode_completion")))
        .containsExactly("37 1", "48 2", "59 3", "78 4", "89 5", "100 6");
  }

  @Test
  void whatARunRecordsIsInItsTables() {
    write("r1", STANDARD, 1);
    assertThat(
            rows(
                "SELECT request_id, execution_ns div 1000000, model_execution_ns div 1000000,"
                    + " preempted_ns div 1000000 FROM request_timing ORDER BY 1"))
        .containsExactly("0 59 59 0", "1 67 67 33");
    assertThat(
            rows(
                "SELECT iteration, request_id, prefill_tokens, decode_tokens, context_tokens"
                    + " FROM iteration_request WHERE iteration IN (0, 1, 4) ORDER BY 1, 2"))
        .containsExactly("0 0 8 0 0", "0 1 8 0 0", "1 0 0 1 9", "4 1 9 0 0");
    assertThat(rows("SELECT metric, stage, round(max_percent) FROM utilization ORDER BY 1"))
        .containsExactly("busy 0 100.0", "memory null 80.0", "mfu 0 0.0");
  }
}
