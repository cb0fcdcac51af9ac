package io.plumbline.jobs.error;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.ErrorSummaryRow;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.RecordSchema;
import io.plumbline.jobs.table.RunRow;
import io.plumbline.jobs.table.Table;
import io.plumbline.jobs.table.Tables;
import io.plumbline.trace.Sha256;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Compares simulated runs with the run they should have predicted, request by request, and writes
 * the tables {@code request_error} and {@code error_summary}. Any run may be the reference, so two
 * simulators can be compared as well.
 */
public final class Comparison {
  private final SparkSession spark;
  private final String resultsDir;
  private final Thresholds thresholds;
  private final PartialRequests partial;

  /**
   * @param resultsDir folder of the tables, read and written
   */
  public Comparison(
      SparkSession spark, String resultsDir, Thresholds thresholds, PartialRequests partial) {
    this.spark = spark;
    this.resultsDir = resultsDir;
    this.thresholds = thresholds;
    this.partial = partial;
  }

  /**
   * What a comparison found.
   *
   * @param reference the run taken as the truth
   * @param simulated the judged runs, in the order asked for
   * @param summary every statistic of every judged run, in that order
   * @param notes what a reader must know to take the numbers right
   */
  public record Result(
      RunRow reference, List<RunRow> simulated, List<ErrorSummaryRow> summary, List<String> notes) {

    /** Whether any statistic failed. */
    public boolean hasFailure() {
      return summary.stream().anyMatch(row -> row.verdict().equals(Verdict.FAIL.name()));
    }
  }

  /**
   * Compares and writes; what was there of the same comparison is replaced.
   *
   * @param reference run id, label, or first letters of an id
   * @param simulated one or more of the same kind
   * @throws BadInputException if a run is unknown or a comparison would not mean anything
   */
  public Result compare(String reference, List<String> simulated) {
    Tables.register(spark, resultsDir);
    RunLookup lookup = new RunLookup(spark);
    RunRow referenceRun = lookup.find(reference);
    List<RunRow> simulatedRuns = simulated.stream().map(lookup::find).distinct().toList();
    ComparisonChecks checks = new ComparisonChecks(spark);
    simulatedRuns.forEach(run -> checks.requireSameWorkload(referenceRun, run));
    checks.requireSameRequests(referenceRun, simulatedRuns);
    if (partial == PartialRequests.REFUSE) {
      checks.requireComplete(referenceRun, simulatedRuns);
    }

    Map<String, RunRow> compared = new LinkedHashMap<>();
    simulatedRuns.forEach(run -> compared.put(comparisonId(referenceRun, run), run));
    try (PairedTimes times = new PairedTimes(spark, referenceRun, compared)) {
      writeRequestErrors(times.perRequest(), referenceRun.runId(), resultsDir);
      return summarize(referenceRun, compared, times);
    }
  }

  /**
   * The summary of a comparison that was made before; empty if it was not.
   *
   * @param reference as in {@link #compare}
   * @param simulated one run
   */
  public List<ErrorSummaryRow> existing(String reference, String simulated) {
    Tables.register(spark, resultsDir);
    RunLookup lookup = new RunLookup(spark);
    String id = comparisonId(lookup.find(reference), lookup.find(simulated));
    return spark
        .table(Table.ERROR_SUMMARY.tableName())
        .filter(functions.col("comparison_id").equalTo(id))
        .collectAsList()
        .stream()
        .map(row -> RecordSchema.record(row, ErrorSummaryRow.class))
        .toList();
  }

  /** Content hash: the same question has the same id, so asking it again replaces the answer. */
  private String comparisonId(RunRow reference, RunRow simulated) {
    return "c"
        + new Sha256()
            .putText(reference.origin())
            .putText(reference.runId())
            .putText(simulated.origin())
            .putText(simulated.runId())
            .putLong(Double.doubleToLongBits(thresholds.passPercent()))
            .putLong(Double.doubleToLongBits(thresholds.warnPercent()))
            .putText(partial.name())
            .shortHex();
  }

  /** One partition of the table per comparison, written by the tasks themselves. */
  private static void writeRequestErrors(
      Dataset<Row> values, String referenceRunId, String resultsDir) {
    values
        .repartition(functions.col("comparison_id"))
        .sortWithinPartitions("comparison_id", "request_id", "metric")
        .foreachPartition(
            (ForeachPartitionFunction<Row>)
                rows -> new RequestErrorWriter(referenceRunId, resultsDir).write(rows));
  }

  private Result summarize(RunRow reference, Map<String, RunRow> compared, PairedTimes times) {
    Map<String, Integer> dropped = times.droppedRequests();
    Map<String, List<Row>> aggregates = times.aggregates();
    PartitionWriter writer = new PartitionWriter(resultsDir);
    List<ErrorSummaryRow> all = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    compared.forEach(
        (id, run) -> {
          int droppedHere = dropped.getOrDefault(id, 0);
          if (!aggregates.containsKey(id)) {
            throw new BadInputException(
                "%s and %s have no request that both finished; all %d are left out"
                    .formatted(reference.runId(), run.runId(), droppedHere));
          }
          List<ErrorSummaryRow> rows = new ArrayList<>();
          for (Row aggregate : aggregates.get(id)) {
            rows.addAll(statistics(aggregate, id, reference, run, droppedHere));
          }
          writer.replace(Table.ERROR_SUMMARY, List.of(id), rows.iterator());
          all.addAll(rows);
          notes(notes, reference, run, rows, droppedHere);
        });
    return new Result(reference, List.copyOf(compared.values()), all, notes);
  }

  private List<ErrorSummaryRow> statistics(
      Row aggregate, String id, RunRow reference, RunRow simulated, int dropped) {
    List<Double> referenceNs = aggregate.getList(aggregate.fieldIndex("reference_ns"));
    List<Double> simulatedNs = aggregate.getList(aggregate.fieldIndex("simulated_ns"));
    List<ErrorSummaryRow> rows = new ArrayList<>();
    for (int i = 0; i < PairedTimes.STATISTICS.size(); i++) {
      Double percent = ErrorMetrics.percentError(referenceNs.get(i), simulatedNs.get(i));
      rows.add(
          new ErrorSummaryRow(
              id,
              reference.runId(),
              simulated.runId(),
              reference.workloadId(),
              aggregate.getAs("metric"),
              PairedTimes.STATISTICS.get(i),
              referenceNs.get(i),
              simulatedNs.get(i),
              percent,
              thresholds.judge(percent).name(),
              aggregate.getAs("samples"),
              thresholds.passPercent(),
              thresholds.warnPercent(),
              dropped));
    }
    return rows;
  }

  private static void notes(
      List<String> to,
      RunRow reference,
      RunRow simulated,
      List<ErrorSummaryRow> rows,
      int dropped) {
    if (dropped > 0) {
      to.add(
          "%s: %d of %d requests are left out because a side did not finish them"
              .formatted(simulated.runId(), dropped, reference.requests()));
    }
    if (rows.stream().noneMatch(row -> row.metric().equals("tbt"))) {
      to.add(
          "%s: no tbt, because a side has no token times or no request of two tokens"
              .formatted(simulated.runId()));
    }
  }
}
