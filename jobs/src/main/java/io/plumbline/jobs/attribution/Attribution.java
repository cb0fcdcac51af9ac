package io.plumbline.jobs.attribution;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.error.ComparisonChecks;
import io.plumbline.jobs.error.RunLookup;
import io.plumbline.jobs.table.ErrorAttributionRow;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.RunRow;
import io.plumbline.jobs.table.Table;
import io.plumbline.jobs.table.Tables;
import io.plumbline.trace.Sha256;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Splits the error of each request's E2E into the parts of its life, writes them to the table
 * {@code error_attribution}, and says what the error goes with and what it comes from.
 * docs/attribution.md has the definitions.
 */
public final class Attribution {
  private static final String REQUESTS =
      """
      SELECT r.run_id, r.replica, r.request_id, r.arrival_ns, r.scheduled_ns, r.first_token_ns,
        r.end_ns, r.tpot_ns, r.e2e_ns, r.preemptions, r.prompt_tokens, r.output_tokens
      FROM request_timing r JOIN (
        SELECT request_id FROM request_timing
        WHERE run_id IN ('%1$s', '%2$s') AND outcome = 'COMPLETED'
          AND produced_tokens >= output_tokens
        GROUP BY request_id HAVING count(DISTINCT run_id) = %3$d) both
      ON both.request_id = r.request_id
      WHERE r.run_id IN ('%1$s', '%2$s')""";

  private final SparkSession spark;
  private final String resultsDir;

  /**
   * @param resultsDir folder of the tables, read and written
   */
  public Attribution(SparkSession spark, String resultsDir) {
    this.spark = spark;
    this.resultsDir = resultsDir;
  }

  /**
   * What an attribution found.
   *
   * @param id its id in the table
   * @param parts in the order of a request's life
   * @param regression what the error goes with; null if too few requests differ
   * @param findings causes, the nearest first; empty if no part is off
   * @param leftOut requests that a side did not finish
   */
  public record Result(
      String id,
      RunRow reference,
      RunRow simulated,
      List<PartError> parts,
      ErrorRegression regression,
      List<Finding> findings,
      long requests,
      long leftOut) {}

  /**
   * Attributes and writes; what was there of the same two runs is replaced.
   *
   * @param reference run id, label, or first letters of an id
   * @param simulated likewise
   * @throws BadInputException if a run is unknown, or the two are not of the same workload
   */
  public Result attribute(String reference, String simulated) {
    Tables.register(spark, resultsDir);
    RunLookup lookup = new RunLookup(spark);
    RunRow real = lookup.find(reference);
    RunRow predicted = lookup.find(simulated);
    new ComparisonChecks(spark).requireSameWorkload(real, predicted);
    Dataset<Row> both = requestsOfBoth(real, predicted).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return attribute(real, predicted, both);
    } finally {
      both.unpersist();
    }
  }

  private Result attribute(RunRow real, RunRow predicted, Dataset<Row> both) {
    both.createOrReplaceTempView("attributed_request");
    long requests = both.filter(col("run_id").equalTo(real.runId())).count();
    if (requests == 0) {
      throw new BadInputException(
          "%s and %s have no request that both finished; there is nothing to attribute"
              .formatted(real.runId(), predicted.runId()));
    }
    Basis basis = basis(real, predicted);
    String id = id(real, predicted);
    Dataset<Row> pairs = parts(basis, real, predicted).persist(StorageLevel.MEMORY_AND_DISK());
    List<PartError> parts;
    try {
      write(pairs, id, real.runId(), predicted.runId(), basis);
      parts = partErrors(pairs, basis);
    } finally {
      pairs.unpersist();
    }
    Evidence evidence = evidence(parts, basis, real, predicted);
    return new Result(
        id,
        real,
        predicted,
        parts,
        ErrorRegression.of(spark, real.runId(), predicted.runId(), basis == Basis.ITERATIONS),
        Diagnosis.of(evidence),
        requests,
        real.requests() - requests);
  }

  private static String id(RunRow reference, RunRow simulated) {
    return "a" + new Sha256().putText(reference.runId()).putText(simulated.runId()).shortHex();
  }

  /** Requests that both runs finished, of both; every query starts from them. */
  private Dataset<Row> requestsOfBoth(RunRow real, RunRow predicted) {
    int runs = real.runId().equals(predicted.runId()) ? 1 : 2;
    return spark.sql(REQUESTS.formatted(real.runId(), predicted.runId(), runs));
  }

  private Basis basis(RunRow real, RunRow predicted) {
    long unscheduled =
        spark.table("attributed_request").filter("scheduled_ns IS NULL").limit(1).count();
    if (unscheduled > 0) {
      return Basis.TOKENS;
    }
    boolean oneStage =
        Stream.of(real, predicted)
            .allMatch(run -> run.pipelineParallel() == null || run.pipelineParallel() == 1);
    return oneStage && hasIterations(real) && hasIterations(predicted)
        ? Basis.ITERATIONS
        : Basis.REQUESTS;
  }

  private boolean hasIterations(RunRow run) {
    return !spark
        .table("iteration_timing")
        .filter("run_id = '%s'".formatted(run.runId()))
        .isEmpty();
  }

  /** Both sides in one pass over the iterations. */
  private Dataset<Row> parts(Basis basis, RunRow real, RunRow predicted) {
    return spark
        .sql(basis.sql())
        .groupBy("request_id", "part")
        .agg(
            max(when(col("run_id").equalTo(real.runId()), col("ns"))).as("reference_ns"),
            max(when(col("run_id").equalTo(predicted.runId()), col("ns"))).as("simulated_ns"));
  }

  private void write(Dataset<Row> rows, String id, String real, String predicted, Basis basis) {
    String folder = resultsDir;
    String basisName = basis == Basis.ITERATIONS ? "iterations" : "requests";
    rows.repartition(1)
        .sortWithinPartitions("request_id", "part")
        .foreachPartition(
            (ForeachPartitionFunction<Row>)
                partition ->
                    new PartitionWriter(folder)
                        .replace(
                            Table.ERROR_ATTRIBUTION,
                            List.of(id),
                            rows(partition, id, real, predicted, basisName)));
  }

  private static Iterator<ErrorAttributionRow> rows(
      Iterator<Row> from, String id, String real, String predicted, String basis) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return from.hasNext();
      }

      @Override
      public ErrorAttributionRow next() {
        Row row = from.next();
        double reference = row.getAs("reference_ns");
        double simulated = row.getAs("simulated_ns");
        return new ErrorAttributionRow(
            id,
            real,
            predicted,
            row.getAs("request_id"),
            row.getAs("part"),
            basis,
            reference,
            simulated,
            simulated - reference);
      }
    };
  }

  private static List<PartError> partErrors(Dataset<Row> pairs, Basis basis) {
    List<Row> means =
        pairs
            .groupBy("part")
            .agg(
                avg("reference_ns"),
                avg("simulated_ns"),
                avg(abs(col("simulated_ns").minus(col("reference_ns")))))
            .orderBy("part")
            .collectAsList();
    // Every request has every part, so the means of the parts add up to that of E2E.
    double e2e = means.stream().mapToDouble(row -> row.getDouble(1)).sum();
    List<PartError> errors = new ArrayList<>();
    for (Row row : means) {
      double real = row.getDouble(1);
      double predicted = row.getDouble(2);
      errors.add(
          new PartError(
              row.getString(0), real, predicted, row.getDouble(3), 100 * (predicted - real) / e2e));
    }
    errors.sort(Comparator.comparingInt(error -> basis.parts().indexOf(error.part())));
    return errors;
  }

  private Evidence evidence(List<PartError> parts, Basis basis, RunRow real, RunRow predicted) {
    boolean iterations = basis == Basis.ITERATIONS;
    return new Evidence(
        parts,
        iterations ? Iterations.of(spark, real.runId()) : null,
        iterations ? Iterations.of(spark, predicted.runId()) : null,
        requests(real.runId(), predicted.runId()),
        predicted.extrapolatedFraction());
  }

  private Evidence.Requests requests(String real, String predicted) {
    Row row =
        spark
            .sql(
                """
                SELECT count(*) AS requests,
                  percentile(r_tpot, 0.5D) AS r_tpot, percentile(s_tpot, 0.5D) AS s_tpot,
                  sum(r_preemptions) AS r_preemptions, sum(s_preemptions) AS s_preemptions,
                  avg(error) FILTER (WHERE place <= %3$d) AS first_error,
                  avg(error) FILTER (WHERE place > %3$d) AS later_error
                FROM (
                  SELECT r.tpot_ns AS r_tpot, s.tpot_ns AS s_tpot,
                    CAST(r.preemptions AS BIGINT) AS r_preemptions,
                    CAST(s.preemptions AS BIGINT) AS s_preemptions,
                    100D * abs(s.e2e_ns - r.e2e_ns) / r.e2e_ns AS error,
                    row_number() OVER (ORDER BY r.arrival_ns, r.request_id) AS place
                  FROM (SELECT * FROM attributed_request WHERE run_id = '%1$s') r
                  JOIN (SELECT * FROM attributed_request WHERE run_id = '%2$s') s
                    ON s.request_id = r.request_id)"""
                    .formatted(real, predicted, Evidence.Requests.FIRST))
            .head();
    return new Evidence.Requests(
        row.getAs("requests"),
        row.getAs("r_tpot"),
        row.getAs("s_tpot"),
        row.getAs("r_preemptions"),
        row.getAs("s_preemptions"),
        row.getAs("first_error"),
        row.getAs("later_error"));
  }
}
