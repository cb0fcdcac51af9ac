package io.plumbline.jobs.error;

import io.plumbline.jobs.table.RunRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The times of the same requests and tokens in a reference run and in simulated runs, side by side,
 * as Spark SQL: nothing here but counts and statistics reaches the driver.
 */
final class PairedTimes implements AutoCloseable {
  /** In the order of the arrays of {@link #aggregates()}. */
  static final List<String> STATISTICS = List.of("mean", "p50", "p90", "p95", "p99");

  private static final String COMPLETE =
      "%1$s.outcome = 'COMPLETED' AND %1$s.produced_tokens >= %1$s.output_tokens";

  private static final StructType COMPARED =
      new StructType()
          .add("comparison_id", DataTypes.StringType)
          .add("simulated_run_id", DataTypes.StringType);
  private static final String COMPARED_VIEW = "compared_run";
  private static final String PAIR_VIEW = "compared_request";

  private static final String VALUES =
      """
      SELECT * FROM (
        SELECT comparison_id, simulated_run_id, request_id, stack(3,
          'ttft', CAST(r_ttft AS DOUBLE), CAST(s_ttft AS DOUBLE),
          'tpot', r_tpot, s_tpot,
          'e2e', CAST(r_e2e AS DOUBLE), CAST(s_e2e AS DOUBLE))
          AS (metric, reference_ns, simulated_ns)
        FROM compared_request WHERE complete)
      WHERE reference_ns IS NOT NULL AND simulated_ns IS NOT NULL""";

  private final SparkSession spark;
  private final Dataset<Row> pairs;
  private final String tokens;

  /**
   * @param compared simulated run by comparison id
   */
  PairedTimes(SparkSession spark, RunRow reference, Map<String, RunRow> compared) {
    this.spark = spark;
    List<Row> rows = new ArrayList<>();
    compared.forEach((id, run) -> rows.add(RowFactory.create(id, run.runId())));
    spark.createDataFrame(rows, COMPARED).createOrReplaceTempView(COMPARED_VIEW);

    String simulatedIds = ComparisonChecks.idList(compared.values());
    // Kept, because every query below starts from this join.
    this.pairs =
        spark
            .sql(
                """
                SELECT c.comparison_id, s.run_id AS simulated_run_id, r.request_id,
                  (%3$s) AND (%4$s) AS complete,
                  r.ttft_ns AS r_ttft, s.ttft_ns AS s_ttft, r.tpot_ns AS r_tpot, s.tpot_ns AS s_tpot,
                  r.e2e_ns AS r_e2e, s.e2e_ns AS s_e2e
                FROM (SELECT * FROM request_timing WHERE run_id = '%1$s') r
                JOIN (SELECT * FROM request_timing WHERE run_id IN (%2$s)) s
                  ON s.workload_id = r.workload_id AND s.request_id = r.request_id
                JOIN %5$s c ON c.simulated_run_id = s.run_id
                """
                    .formatted(
                        reference.runId(),
                        simulatedIds,
                        COMPLETE.formatted("r"),
                        COMPLETE.formatted("s"),
                        COMPARED_VIEW))
            .persist(StorageLevel.MEMORY_AND_DISK());
    pairs.createOrReplaceTempView(PAIR_VIEW);
    // The inner join cuts both series to the tokens that both sides have.
    this.tokens =
        """
        SELECT p.comparison_id, r.tbt_ns AS r_tbt, s.tbt_ns AS s_tbt
        FROM (SELECT * FROM token_timing WHERE run_id = '%1$s') r
        JOIN (SELECT * FROM token_timing WHERE run_id IN (%2$s)) s
          ON s.request_id = r.request_id AND s.token_index = r.token_index
        JOIN %3$s p ON p.simulated_run_id = s.run_id AND p.request_id = s.request_id
        WHERE p.complete"""
            .formatted(reference.runId(), simulatedIds, PAIR_VIEW);
  }

  @Override
  public void close() {
    pairs.unpersist();
  }

  /** Columns comparison_id, simulated_run_id, request_id, metric, reference_ns, simulated_ns. */
  Dataset<Row> perRequest() {
    return spark.sql(VALUES);
  }

  /** Requests left out by comparison id. */
  Map<String, Integer> droppedRequests() {
    Map<String, Integer> dropped = new HashMap<>();
    pairs
        .groupBy("comparison_id")
        .agg(functions.expr("CAST(count_if(NOT complete) AS INT)"))
        .collectAsList()
        .forEach(row -> dropped.put(row.getString(0), row.getInt(1)));
    return dropped;
  }

  /**
   * By comparison id, one row per metric: metric, samples, and the statistics of both sides as
   * arrays.
   */
  Map<String, List<Row>> aggregates() {
    String statistics =
        "concat(array(avg(%1$s)), percentile(%1$s, array(0.5D, 0.9D, 0.95D, 0.99D))) AS %1$s";
    Map<String, List<Row>> byComparison = new LinkedHashMap<>();
    spark
        .sql(
            """
            WITH value AS (%s), token AS (%s)
            SELECT comparison_id, metric, count(*) AS samples, %s, %s
            FROM (
              SELECT comparison_id, metric, reference_ns, simulated_ns FROM value
              UNION ALL
              SELECT comparison_id, 'tbt', CAST(r_tbt AS DOUBLE), CAST(s_tbt AS DOUBLE) FROM token
              WHERE r_tbt IS NOT NULL AND s_tbt IS NOT NULL
              UNION ALL
              SELECT comparison_id, 'token_latency', CAST(coalesce(r_tbt, 0) AS DOUBLE),
                CAST(coalesce(s_tbt, 0) AS DOUBLE)
              FROM token)
            GROUP BY comparison_id, metric
            ORDER BY comparison_id,
              array_position(array('ttft', 'tpot', 'e2e', 'tbt', 'token_latency'), metric)
            """
                .formatted(
                    VALUES,
                    tokens,
                    statistics.formatted("reference_ns"),
                    statistics.formatted("simulated_ns")))
        .collectAsList()
        .forEach(
            row ->
                byComparison
                    .computeIfAbsent(row.getAs("comparison_id"), id -> new ArrayList<>())
                    .add(row));
    return byComparison;
  }
}
