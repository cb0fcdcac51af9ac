package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.RecordSchema;
import io.plumbline.jobs.table.RequestTimingRow;
import io.plumbline.jobs.table.RunRow;
import io.plumbline.jobs.table.Table;
import java.io.File;
import java.util.List;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Makes one measured run of very many requests and several simulated ones in the tables: times with
 * long tails, each simulation wrong in its own way. The same numbers at every call.
 */
final class SyntheticRequests {
  static final String WORKLOAD = "synthetic";

  private static final String TIMES =
      """
      SELECT '%1$s' AS origin, '%2$s' AS run_id, '%3$s' AS workload_id,
        CAST(id AS INT) AS request_id, 0 AS replica, id * 1000000 AS arrival_ns,
        id * 1000000 + queueing AS scheduled_ns,
        id * 1000000 + queueing + prefill AS first_token_ns,
        id * 1000000 + queueing + prefill + 127 * gap AS end_ns,
        1024 AS prompt_tokens, 128 AS output_tokens, 128 AS produced_tokens, 0 AS preemptions,
        'COMPLETED' AS outcome,
        queueing + prefill AS ttft_ns, CAST(gap AS DOUBLE) AS tpot_ns,
        queueing + prefill + 127 * gap AS e2e_ns, queueing AS queueing_ns,
        CAST(NULL AS BIGINT) AS execution_ns, CAST(NULL AS BIGINT) AS model_execution_ns,
        CAST(NULL AS BIGINT) AS preempted_ns, CAST(NULL AS BIGINT) AS queued_ns
      FROM (
        SELECT id,
          CAST(-2e7 * ln(1 - u1) * %4$s AS BIGINT) AS queueing,
          CAST((3e7 + 1e7 * u2) * %4$s AS BIGINT) AS prefill,
          CAST((1.2e7 - 2e6 * ln(1 - u3)) * %4$s AS BIGINT) AS gap
        FROM (
          SELECT id,
            (pmod(xxhash64(id, 1), 1099511627776) + 0.5D) / 1099511627776 AS u1,
            (pmod(xxhash64(id, 2), 1099511627776) + 0.5D) / 1099511627776 AS u2,
            (pmod(xxhash64(id, 3, %5$s), 1099511627776) + 0.5D) / 1099511627776 AS u3
          FROM range(0, %6$d, 1, 8)))""";

  private SyntheticRequests() {}

  /** Writes a run of so many requests that is slower than the measured one by a factor. */
  static void write(
      SparkSession spark,
      String resultsDir,
      String origin,
      String runId,
      double factor,
      int seed,
      long requests) {
    String folder =
        "%s/%s/origin=%s/run_id=%s"
            .formatted(resultsDir, Table.REQUEST_TIMING.tableName(), origin, runId);
    spark
        .sql(TIMES.formatted(origin, runId, WORKLOAD, factor, seed, requests))
        .select(
            List.of(RecordSchema.structType(RequestTimingRow.class).fieldNames()).stream()
                .map(org.apache.spark.sql.functions::col)
                .toArray(org.apache.spark.sql.Column[]::new))
        .drop("origin", "run_id")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(folder);
    // A partition is one that has a file of this name; Spark reads the others beside it.
    String[] names = new File(folder).list((dir, name) -> name.endsWith(".parquet"));
    if (names == null || !new File(folder, names[0]).renameTo(new File(folder, "part-0.parquet"))) {
      throw new IllegalStateException("no file in " + folder);
    }
    new PartitionWriter(resultsDir)
        .replace(
            Table.RUN, List.of(origin, runId), List.of(run(origin, runId, requests)).iterator());
  }

  private static RunRow run(String origin, String runId, long requests) {
    int count = Math.toIntExact(requests);
    return new RunRow(
        origin,
        runId,
        runId,
        WORKLOAD,
        "m",
        "d",
        null,
        null,
        null,
        null,
        1,
        1,
        1,
        "requests",
        count,
        count,
        0,
        0,
        0,
        requests / 1e3,
        1000.0,
        128000.0,
        1L,
        "v",
        "{}",
        "{}",
        null,
        null,
        null,
        null,
        null,
        null,
        RunRow.COMPLETED,
        null);
  }
}
