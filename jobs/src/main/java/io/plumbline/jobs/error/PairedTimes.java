package io.plumbline.jobs.error;

import io.plumbline.jobs.table.RunRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The times of the same requests and tokens in a reference run and in simulated runs, side by side,
 * as Spark SQL: nothing here but counts and statistics reaches the driver.
 */
final class PairedTimes {
  /** View with the comparison id of each simulated run; must be registered before any query. */
  static final String COMPARED_VIEW = "compared_run";

  /** In the order of the arrays of {@link #aggregates()}. */
  static final List<String> STATISTICS = List.of("mean", "p50", "p90", "p95", "p99");

  private static final String COMPLETE =
      "%1$s.outcome = 'COMPLETED' AND %1$s.produced_tokens >= %1$s.output_tokens";

  private final SparkSession spark;
  private final String pairs;
  private final String tokens;

  PairedTimes(SparkSession spark, RunRow reference, List<RunRow> simulated) {
    this.spark = spark;
    String simulatedIds = ComparisonChecks.idList(simulated);
    this.pairs =
        """
        pair AS (
          SELECT c.comparison_id, s.run_id AS simulated_run_id, r.request_id,
            (%3$s) AND (%4$s) AS complete,
            r.ttft_ns AS r_ttft, s.ttft_ns AS s_ttft, r.tpot_ns AS r_tpot, s.tpot_ns AS s_tpot,
            r.e2e_ns AS r_e2e, s.e2e_ns AS s_e2e
          FROM (SELECT * FROM request_timing WHERE run_id = '%1$s') r
          JOIN (SELECT * FROM request_timing WHERE run_id IN (%2$s)) s
            ON s.workload_id = r.workload_id AND s.request_id = r.request_id
          JOIN %5$s c ON c.simulated_run_id = s.run_id),
        value AS (
          SELECT * FROM (
            SELECT comparison_id, simulated_run_id, request_id, stack(3,
              'ttft', CAST(r_ttft AS DOUBLE), CAST(s_ttft AS DOUBLE),
              'tpot', r_tpot, s_tpot,
              'e2e', CAST(r_e2e AS DOUBLE), CAST(s_e2e AS DOUBLE))
              AS (metric, reference_ns, simulated_ns)
            FROM pair WHERE complete)
          WHERE reference_ns IS NOT NULL AND simulated_ns IS NOT NULL)"""
            .formatted(
                reference.runId(),
                simulatedIds,
                COMPLETE.formatted("r"),
                COMPLETE.formatted("s"),
                COMPARED_VIEW);
    // The inner join cuts both series to the tokens that both sides have.
    this.tokens =
        """
        token AS (
          SELECT p.comparison_id, r.tbt_ns AS r_tbt, s.tbt_ns AS s_tbt
          FROM (SELECT * FROM token_timing WHERE run_id = '%1$s') r
          JOIN (SELECT * FROM token_timing WHERE run_id IN (%2$s)) s
            ON s.request_id = r.request_id AND s.token_index = r.token_index
          JOIN pair p ON p.simulated_run_id = s.run_id AND p.request_id = s.request_id
          WHERE p.complete)"""
            .formatted(reference.runId(), simulatedIds);
  }

  /** Columns comparison_id, simulated_run_id, request_id, metric, reference_ns, simulated_ns. */
  Dataset<Row> perRequest() {
    return spark.sql("WITH " + pairs + " SELECT * FROM value");
  }

  /** Requests left out by comparison id. */
  Map<String, Integer> droppedRequests() {
    Map<String, Integer> dropped = new HashMap<>();
    spark
        .sql(
            "WITH "
                + pairs
                + " SELECT comparison_id, CAST(count_if(NOT complete) AS INT) FROM pair"
                + " GROUP BY comparison_id")
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
            WITH %s, %s
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
                    pairs,
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
