package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.RecordSchema;
import io.plumbline.jobs.table.RunRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The rows in {@code run} of all runs of some pairs. */
final class RunFactsOfPairs {
  private final Map<String, RunRow> runs = new HashMap<>();

  RunFactsOfPairs(SparkSession spark, List<FidelityPair> pairs) {
    Object[] ids =
        pairs.stream()
            .flatMap(
                pair ->
                    Stream.concat(pair.referenceRunIds().stream(), pair.simulatedRunIds().stream()))
            .distinct()
            .toArray();
    spark
        .table("run")
        .filter(functions.col("run_id").isin(ids))
        .collectAsList()
        .forEach(
            row -> {
              RunRow run = RecordSchema.record(row, RunRow.class);
              runs.put(run.runId(), run);
            });
  }

  /**
   * One of them.
   *
   * @throws BadInputException if it is not in the tables
   */
  RunRow get(String runId) {
    RunRow run = runs.get(runId);
    if (run == null) {
      throw new BadInputException("no run \"%s\" in the tables".formatted(runId));
    }
    return run;
  }
}
