package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.FidelityMatrixRow;
import io.plumbline.jobs.table.RecordSchema;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What moved since an earlier matrix of the same name. A statistic has moved if its percent error
 * is now outside of the interval it had, and where there was none, if it is another one at all.
 */
public final class Moves {
  /** Where there is no interval, what arithmetic alone may change; % points. */
  private static final double ROUNDING_PERCENT = 1e-6;

  private static final String MOVED =
      """
      SELECT case_name, simulator, metric, statistic, o.percent_error AS before,
        o.percent_error_low AS low, o.percent_error_high AS high, n.percent_error AS after,
        o.matrix_id IS NULL AS is_new, n.matrix_id IS NULL AS is_gone
      FROM (SELECT * FROM fidelity_cell WHERE matrix_id = '%1$s') o
      FULL JOIN (SELECT * FROM fidelity_cell WHERE matrix_id = '%2$s') n
        USING (case_name, simulator, metric, statistic, basis)
      WHERE o.matrix_id IS NULL OR n.matrix_id IS NULL
        OR NOT (o.percent_error <=> n.percent_error)
          AND (o.percent_error IS NULL OR n.percent_error IS NULL
            OR n.percent_error < coalesce(o.percent_error_low, o.percent_error - %3$s)
            OR n.percent_error > coalesce(o.percent_error_high, o.percent_error + %3$s))
      ORDER BY case_name, simulator, metric, statistic""";

  private Moves() {}

  /**
   * One statistic that moved, came or went.
   *
   * @param before percent error it had; null if there was none
   * @param low lower end of the interval it had; null if there was none
   * @param high upper end of it
   * @param after percent error it has; null if there is none
   * @param kind what happened
   */
  public record Move(
      String caseName,
      String simulator,
      String metric,
      String statistic,
      Double before,
      Double low,
      Double high,
      Double after,
      Kind kind) {
    /** What happened. */
    public enum Kind {
      MOVED,
      NEW,
      GONE
    }
  }

  /**
   * The newest matrix of a name that a commit made.
   *
   * @param spark a session in which the tables are registered
   * @param commit first letters of it
   * @param except id of the matrix that it is compared with
   * @throws BadInputException if there is none, with the commits there are
   */
  public static FidelityMatrixRow find(
      SparkSession spark, String name, String commit, String except) {
    List<FidelityMatrixRow> all =
        spark
            .table("fidelity_matrix")
            .filter(functions.col("name").equalTo(name))
            .orderBy(functions.col("made_at").desc(), functions.col("matrix_id"))
            .collectAsList()
            .stream()
            .map(row -> RecordSchema.record(row, FidelityMatrixRow.class))
            .filter(matrix -> !matrix.matrixId().equals(except))
            .toList();
    return all.stream()
        .filter(matrix -> matrix.commit() != null && matrix.commit().startsWith(commit))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "no matrix \"%s\" of commit %s; there are matrices of: %s"
                        .formatted(
                            name,
                            commit,
                            all.isEmpty()
                                ? "no commit"
                                : String.join(
                                    ", ",
                                    all.stream()
                                        .map(matrix -> String.valueOf(matrix.commit()))
                                        .distinct()
                                        .toList()))));
  }

  /** What moved from one matrix to another, case by case. */
  public static List<Move> between(SparkSession spark, String before, String after) {
    return spark.sql(MOVED.formatted(before, after, ROUNDING_PERCENT)).collectAsList().stream()
        .map(
            row ->
                new Move(
                    row.getString(0),
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getAs("before"),
                    row.getAs("low"),
                    row.getAs("high"),
                    row.getAs("after"),
                    row.<Boolean>getAs("is_new")
                        ? Move.Kind.NEW
                        : row.<Boolean>getAs("is_gone") ? Move.Kind.GONE : Move.Kind.MOVED))
        .toList();
  }

  /** Whether one of them is worse than new coverage: it moved, or it is no longer there. */
  public static boolean isRegression(List<Move> moves) {
    return moves.stream().anyMatch(move -> move.kind() != Move.Kind.NEW);
  }

  /** The cells of a matrix, in the order in which they were written. */
  static List<FidelityCellRow> cells(SparkSession spark, String matrixId) {
    return spark
        .table("fidelity_cell")
        .filter(functions.col("matrix_id").equalTo(matrixId))
        .collectAsList()
        .stream()
        .map(row -> RecordSchema.record(row, FidelityCellRow.class))
        .toList();
  }
}
