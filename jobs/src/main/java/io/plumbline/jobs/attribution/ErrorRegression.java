package io.plumbline.jobs.attribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Least squares of the requests' signed relative E2E error, in percent, on what they and their load
 * were. Spark makes the correlations, so the number of requests does not matter; the rest is a
 * small system of equations.
 *
 * @param effects largest first
 * @param explained R²: the share of the error's variance that all of them explain together
 */
public record ErrorRegression(List<Effect> effects, double explained, long requests) {
  /**
   * One quantity that the error goes with.
   *
   * @param percentPerDeviation by how many percentage points of E2E the error is higher where the
   *     quantity is a standard deviation higher and the others are the same
   * @param t that over its standard error; beyond 2 it is hardly chance
   */
  public record Effect(String quantity, double percentPerDeviation, double t) {}

  /** Above, a quantity is as good as known from those before it. */
  private static final double COLLINEAR = 0.99;

  private static final int FEW_PER_QUANTITY = 10;

  /** Quantity by its SQL over the columns of {@link #PAIRS}. */
  private static final Map<String, String> QUANTITIES = quantities();

  private static final String PAIRS =
      """
      WITH change AS (
        SELECT run_id, request_id, arrival_ns AS at_ns, 1 AS requests FROM attributed_request
        UNION ALL SELECT run_id, request_id, end_ns, -1 FROM attributed_request),
      load AS (
        SELECT run_id, request_id, in_flight FROM (
          SELECT run_id, request_id, requests, sum(requests) OVER (PARTITION BY run_id
            ORDER BY at_ns, requests, request_id ROWS UNBOUNDED PRECEDING) AS in_flight
          FROM change) WHERE requests = 1)
      SELECT 100D * (s.e2e_ns - r.e2e_ns) / r.e2e_ns AS error, r.prompt_tokens, r.output_tokens,
        l.in_flight%s
      FROM (SELECT * FROM attributed_request WHERE run_id = '%s') r
      JOIN (SELECT * FROM attributed_request WHERE run_id = '%s') s
        ON s.request_id = r.request_id
      JOIN load l ON l.run_id = r.run_id AND l.request_id = r.request_id%s
      WHERE r.e2e_ns > 0""";

  /** Mean over the iterations in which the simulated request was in flight, each counted once. */
  private static final String OF_ITERATIONS =
      """

      JOIN (
        SELECT q.request_id, avg(i.batch_size) AS batch_size,
          avg(i.kv_blocks_used) / max(max(i.kv_blocks_used)) OVER () AS kv_pressure
        FROM (SELECT * FROM attributed_request WHERE run_id = '%1$s') q
        JOIN (SELECT * FROM iteration_request WHERE run_id = '%1$s') m
          ON m.request_id = q.request_id
        JOIN (SELECT * FROM iteration_timing WHERE run_id = '%1$s' AND stage = 0) i
          ON i.iteration = m.iteration
        GROUP BY q.request_id) i ON i.request_id = r.request_id""";

  private static Map<String, String> quantities() {
    Map<String, String> quantities = new LinkedHashMap<>();
    quantities.put("prompt tokens", "prompt_tokens");
    quantities.put("output tokens", "output_tokens");
    quantities.put("requests in flight at arrival", "in_flight");
    quantities.put("batch size", "batch_size");
    quantities.put("KV pressure", "kv_pressure");
    return quantities;
  }

  /**
   * The regression of two runs of the registered view {@code attributed_request}.
   *
   * @param iterations whether the simulated run recorded iterations with their requests
   * @return null where too few requests differ to say anything
   */
  static ErrorRegression of(
      SparkSession spark, String reference, String simulated, boolean iterations) {
    boolean withBatches =
        iterations
            && !spark
                .table("iteration_request")
                .filter("run_id = '%s'".formatted(simulated))
                .isEmpty();
    spark
        .sql(
            PAIRS.formatted(
                withBatches ? ", i.batch_size, i.kv_pressure" : "",
                reference,
                simulated,
                withBatches ? OF_ITERATIONS.formatted(simulated) : ""))
        .createOrReplaceTempView("attributed_error");
    List<String> names = new ArrayList<>(QUANTITIES.keySet());
    if (!withBatches) {
      names.removeAll(List.of("batch size", "KV pressure"));
    }
    return solve(names, correlations(spark, names));
  }

  /** Correlations of the quantities and, last, the error; with its deviation and the requests. */
  private record Correlations(RealMatrix matrix, double errorDeviation, long requests) {
    boolean isKnown(int quantity) {
      return !Double.isNaN(matrix.getEntry(quantity, matrix.getColumnDimension() - 1));
    }
  }

  private static Correlations correlations(SparkSession spark, List<String> names) {
    List<String> columns = new ArrayList<>();
    names.forEach(name -> columns.add(QUANTITIES.get(name)));
    columns.add("error");
    List<String> terms = new ArrayList<>(List.of("count(*)"));
    for (String column : columns) {
      // Not corr, which divides by a deviation of 0 where all requests are alike.
      columns.forEach(other -> terms.add("covar_samp(%s, %s)".formatted(column, other)));
    }
    Row row = spark.table("attributed_error").selectExpr(terms.toArray(String[]::new)).head();
    int size = columns.size();
    RealMatrix covariances = new Array2DRowRealMatrix(size, size);
    for (int i = 0; i < size * size; i++) {
      double covariance = row.isNullAt(i + 1) ? 0 : row.getDouble(i + 1);
      covariances.setEntry(i / size, i % size, covariance);
    }
    RealMatrix matrix = new Array2DRowRealMatrix(size, size);
    for (int i = 0; i < size * size; i++) {
      double variances =
          covariances.getEntry(i / size, i / size) * covariances.getEntry(i % size, i % size);
      matrix.setEntry(
          i / size, i % size, covariances.getEntry(i / size, i % size) / Math.sqrt(variances));
    }
    return new Correlations(
        matrix, Math.sqrt(covariances.getEntry(size - 1, size - 1)), row.getLong(0));
  }

  private static ErrorRegression solve(List<String> names, Correlations of) {
    List<Integer> used = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (of.isKnown(i) && !isKnownFrom(of.matrix(), used, i)) {
        used.add(i);
      }
    }
    if (used.isEmpty()
        || of.requests() < FEW_PER_QUANTITY * (used.size() + 1L)
        || !(of.errorDeviation() > 0)) {
      return null;
    }
    RealMatrix inverse = inverse(of.matrix(), used);
    RealVector withError = column(of.matrix(), used, names.size());
    RealVector slopes = inverse.operate(withError);
    double explained = Math.min(1, Math.max(0, slopes.dotProduct(withError)));
    double residual = (1 - explained) / (of.requests() - used.size() - 1);
    List<Effect> effects = new ArrayList<>();
    for (int i = 0; i < used.size(); i++) {
      double slope = slopes.getEntry(i);
      effects.add(
          new Effect(
              names.get(used.get(i)),
              slope * of.errorDeviation(),
              slope / Math.sqrt(residual * inverse.getEntry(i, i))));
    }
    effects.sort(
        Comparator.comparingDouble((Effect e) -> -Math.abs(e.percentPerDeviation()))
            .thenComparing(Effect::quantity));
    return new ErrorRegression(effects, explained, of.requests());
  }

  /** Whether those that are used already explain a quantity. */
  private static boolean isKnownFrom(RealMatrix matrix, List<Integer> used, int quantity) {
    if (used.isEmpty()) {
      return false;
    }
    RealVector with = column(matrix, used, quantity);
    return inverse(matrix, used).operate(with).dotProduct(with) > COLLINEAR;
  }

  private static RealMatrix inverse(RealMatrix matrix, List<Integer> used) {
    int[] rows = used.stream().mapToInt(Integer::intValue).toArray();
    return new LUDecomposition(matrix.getSubMatrix(rows, rows)).getSolver().getInverse();
  }

  private static RealVector column(RealMatrix matrix, List<Integer> rows, int column) {
    return new ArrayRealVector(
        rows.stream().mapToDouble(row -> matrix.getEntry(row, column)).toArray());
  }
}
