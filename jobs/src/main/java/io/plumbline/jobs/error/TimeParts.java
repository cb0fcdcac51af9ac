package io.plumbline.jobs.error;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * What the time of a measured run and of its simulation went to: of the same workload, so that a
 * gap between the two is the sum of the gaps of its parts.
 *
 * @param parts in the order of an iteration; they add up to the time in which requests were served
 * @param operators of the simulated run's forward and sampling, in s, the longest first
 * @param means what an iteration takes after a pause and otherwise, and how long requests wait
 */
public record TimeParts(
    List<Part> parts,
    Map<String, Double> operators,
    long referenceIterations,
    long simulatedIterations,
    List<Mean> means) {

  /** Seconds of both runs, over all iterations. */
  public record Part(String name, double referenceSeconds, double simulatedSeconds) {}

  /** Milliseconds of both runs; null where a run has none of that. */
  public record Mean(String name, Double referenceMs, Double simulatedMs) {}

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  /** An engine without work for so long starts with cold caches; measured, see profiling.md. */
  private static final long PAUSE_NANOS = 10_000_000;

  /** Iterations until an engine is warm again. */
  private static final int FIRST_AFTER_PAUSE = 3;

  private static final String SCHEDULE = "schedule";
  private static final String PREPARE = "prepare_inputs_e2e";
  private static final String BETWEEN = "process_model_outputs";

  /**
   * The parts of two runs.
   *
   * @return null unless the reference split its iterations and the simulation recorded operators
   */
  public static TimeParts of(SparkSession spark, String referenceRunId, String simulatedRunId) {
    Row reference =
        spark
            .table("iteration_timing")
            .filter(col("run_id").equalTo(referenceRunId))
            .selectExpr(
                "count(*)",
                "sum(schedule_ns)",
                "sum(prepare_ns)",
                "sum(forward_ns + sample_ns)",
                "sum(duration_ns)")
            .head();
    Map<String, Double> operators = operatorSeconds(spark, simulatedRunId);
    if (reference.isNullAt(1) || operators.isEmpty()) {
      return null;
    }
    double schedule = remove(operators, SCHEDULE);
    double prepare = remove(operators, PREPARE);
    double between = remove(operators, BETWEEN);
    double model = operators.values().stream().mapToDouble(Double::doubleValue).sum();
    double referenceBetween =
        servingNanos(spark, referenceRunId) / NANOS_PER_SECOND - seconds(reference, 4);
    return new TimeParts(
        List.of(
            new Part("schedule", seconds(reference, 1), schedule),
            new Part("prepare", seconds(reference, 2), prepare),
            new Part("forward and sample", seconds(reference, 3), model),
            new Part("between iterations", Math.max(0, referenceBetween), between)),
        operators,
        reference.getLong(0),
        spark.table("iteration_timing").filter(col("run_id").equalTo(simulatedRunId)).count(),
        means(
            iterationMeans(spark, referenceRunId),
            iterationMeans(spark, simulatedRunId),
            meanQueueing(spark, referenceRunId),
            meanQueueing(spark, simulatedRunId)));
  }

  private static double seconds(Row row, int column) {
    return row.getLong(column) / NANOS_PER_SECOND;
  }

  private static double remove(Map<String, Double> operators, String operator) {
    Double seconds = operators.remove(operator);
    return seconds == null ? 0 : seconds;
  }

  private static Map<String, Double> operatorSeconds(SparkSession spark, String runId) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    spark
        .table("operator_time")
        .filter(col("run_id").equalTo(runId))
        .groupBy("operator")
        .agg(expr("sum(call_ns * calls)").as("ns"))
        .orderBy(col("ns").desc(), col("operator"))
        .collectAsList()
        .forEach(row -> seconds.put(row.getString(0), row.getDouble(1) / NANOS_PER_SECOND));
    return seconds;
  }

  private static List<Mean> means(
      Row reference, Row simulated, Row referenceQueueing, Row simulatedQueueing) {
    return List.of(
        new Mean("iteration after a pause, mean", millis(reference, 0), millis(simulated, 0)),
        new Mean("other iterations, mean", millis(reference, 1), millis(simulated, 1)),
        new Mean(
            "queueing, mean per request",
            millis(referenceQueueing, 0),
            millis(simulatedQueueing, 0)));
  }

  private static Double millis(Row means, int column) {
    return means.isNullAt(column) ? null : means.getDouble(column) / NANOS_PER_MILLI;
  }

  /**
   * Mean duration of the first iterations after a pause, when processors have lost what they held
   * in caches, and of the others.
   */
  private static Row iterationMeans(SparkSession spark, String runId) {
    WindowSpec inOrder = Window.partitionBy("replica").orderBy("iteration");
    Column pause = col("start_ns").minus(lag(expr("start_ns + duration_ns"), 1).over(inOrder));
    Column longestOfLast =
        max(coalesce(col("pause"), lit(Long.MAX_VALUE)))
            .over(inOrder.rowsBetween(1 - FIRST_AFTER_PAUSE, 0));
    return spark
        .table("iteration_timing")
        .filter(col("run_id").equalTo(runId).and(col("stage").equalTo(0)))
        .withColumn("pause", pause)
        .withColumn("after", longestOfLast.geq(PAUSE_NANOS))
        .selectExpr(
            "avg(duration_ns) FILTER (WHERE after)", "avg(duration_ns) FILTER (WHERE NOT after)")
        .head();
  }

  private static Row meanQueueing(SparkSession spark, String runId) {
    return spark
        .table("request_timing")
        .filter(col("run_id").equalTo(runId))
        .selectExpr("avg(queueing_ns)")
        .head();
  }

  /** How long at least one request was between its first iteration and its end. */
  private static double servingNanos(SparkSession spark, String runId) {
    Iterator<Row> served =
        spark
            .table("request_timing")
            .filter(col("run_id").equalTo(runId))
            .filter("scheduled_ns IS NOT NULL AND end_ns IS NOT NULL")
            .select("scheduled_ns", "end_ns")
            .orderBy("scheduled_ns")
            .toLocalIterator();
    long nanos = 0;
    long until = Long.MIN_VALUE;
    while (served.hasNext()) {
      Row request = served.next();
      long start = Math.max(until, request.getLong(0));
      long end = request.getLong(1);
      if (end > start) {
        nanos += end - start;
        until = end;
      }
    }
    return nanos;
  }

  /** Of all parts together. */
  public Part total() {
    return new Part(
        "all",
        parts.stream().mapToDouble(Part::referenceSeconds).sum(),
        parts.stream().mapToDouble(Part::simulatedSeconds).sum());
  }
}
