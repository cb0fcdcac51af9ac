package io.plumbline.jobs.error;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.RunRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Refuses comparisons that would not mean anything, each with the whole story. */
public final class ComparisonChecks {
  private static final int FIRST_IDS = 5;
  private static final String PARTIAL =
      "(outcome <> 'COMPLETED' OR produced_tokens < output_tokens)";

  private final SparkSession spark;

  /** Over the tables that are registered in a session. */
  public ComparisonChecks(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * @throws BadInputException saying how the workloads differ
   */
  public void requireSameWorkload(RunRow reference, RunRow simulated) {
    if (reference.workloadId().equals(simulated.workloadId())) {
      return;
    }
    Row row =
        spark
            .sql(
                """
                SELECT count(*) AS requests,
                  count_if(r.request_id IS NULL) AS only_simulated,
                  count_if(s.request_id IS NULL) AS only_reference,
                  count_if(r.arrival_ns <> s.arrival_ns) AS arrival,
                  count_if(r.prompt_tokens <> s.prompt_tokens) AS prompt,
                  count_if(r.output_tokens <> s.output_tokens) AS output
                FROM (SELECT * FROM request_timing WHERE run_id = '%s') r
                FULL OUTER JOIN (SELECT * FROM request_timing WHERE run_id = '%s') s
                  ON r.request_id = s.request_id
                """
                    .formatted(reference.runId(), simulated.runId()))
            .head();
    List<String> differences = new ArrayList<>();
    addCount(differences, row, "arrival", "%d differ in their arrival");
    addCount(differences, row, "prompt", "%d in their prompt tokens");
    addCount(differences, row, "output", "%d in their output tokens");
    addCount(differences, row, "only_reference", "%d are only in the reference");
    addCount(differences, row, "only_simulated", "%d are only in the simulated run");
    throw new BadInputException(
        "%s ran workload %s, %s ran workload %s: of %d requests %s. Maybe simulate the reference's own workload."
            .formatted(
                reference.runId(),
                reference.workloadId(),
                simulated.runId(),
                simulated.workloadId(),
                row.<Long>getAs("requests"),
                differences.isEmpty()
                    ? "none differs in arrival or lengths, so prompts, priorities or sessions do"
                    : String.join(", ", differences)));
  }

  private static void addCount(List<String> to, Row row, String column, String text) {
    long count = row.<Long>getAs(column);
    if (count > 0) {
      to.add(text.formatted(count));
    }
  }

  void requireSameRequests(RunRow reference, List<RunRow> simulated) {
    List<Row> runs =
        spark
            .sql(
                """
                SELECT s.run_id,
                  count_if(r.request_id IS NULL) AS not_in_reference,
                  (SELECT count(*) FROM request_timing WHERE run_id = '%1$s')
                    - count(r.request_id) AS not_in_simulated
                FROM (SELECT * FROM request_timing WHERE run_id IN (%2$s)) s
                LEFT JOIN (SELECT * FROM request_timing WHERE run_id = '%1$s') r
                  ON r.request_id = s.request_id
                GROUP BY s.run_id ORDER BY s.run_id
                """
                    .formatted(reference.runId(), idList(simulated)))
            .collectAsList();
    for (Row run : runs) {
      requireNoneMissing(reference.runId(), run.getAs("run_id"), run.getAs("not_in_simulated"));
      requireNoneMissing(run.getAs("run_id"), reference.runId(), run.getAs("not_in_reference"));
    }
  }

  private void requireNoneMissing(String has, String lacks, long missing) {
    if (missing == 0) {
      return;
    }
    List<Row> ids =
        spark
            .sql(
                """
                SELECT request_id FROM request_timing WHERE run_id = '%s'
                EXCEPT SELECT request_id FROM request_timing WHERE run_id = '%s'
                ORDER BY request_id LIMIT %d
                """
                    .formatted(has, lacks, FIRST_IDS))
            .collectAsList();
    throw new BadInputException(
        "%s lacks %d requests that %s has: %s. Maybe its table request_timing was cut; write the run again."
            .formatted(lacks, missing, has, firstIds(ids, missing)));
  }

  void requireComplete(RunRow reference, List<RunRow> simulated) {
    List<RunRow> all = new ArrayList<>(simulated);
    all.add(reference);
    List<Row> runs =
        spark
            .sql(
                """
                SELECT run_id, count(*) AS partial, count_if(outcome <> 'COMPLETED') AS not_completed
                FROM request_timing WHERE run_id IN (%s) AND %s
                GROUP BY run_id ORDER BY run_id
                """
                    .formatted(idList(all), PARTIAL))
            .collectAsList();
    if (runs.isEmpty()) {
      return;
    }
    throw new BadInputException(
        runs.stream().map(this::describePartial).collect(Collectors.joining("\n"))
            + "\nTimes of such requests are no prediction to judge. Maybe give --allow-partial, which leaves them out on both sides.");
  }

  private String describePartial(Row run) {
    String runId = run.getAs("run_id");
    long partial = run.getAs("partial");
    long notCompleted = run.getAs("not_completed");
    List<Row> ids =
        spark
            .sql(
                """
                SELECT request_id FROM request_timing WHERE run_id = '%s' AND %s
                ORDER BY request_id LIMIT %d
                """
                    .formatted(runId, PARTIAL, FIRST_IDS))
            .collectAsList();
    return "%s has %d requests it did not finish (%d not completed, %d with fewer tokens than asked): %s"
        .formatted(runId, partial, notCompleted, partial - notCompleted, firstIds(ids, partial));
  }

  private static String firstIds(List<Row> ids, long count) {
    return ids.stream().map(row -> row.get(0).toString()).collect(Collectors.joining(", "))
        + (count > ids.size() ? ", …" : "");
  }

  static String idList(Collection<RunRow> runs) {
    return runs.stream()
        .map(run -> "'" + run.runId() + "'")
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
