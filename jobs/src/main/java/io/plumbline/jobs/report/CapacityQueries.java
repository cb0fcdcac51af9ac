package io.plumbline.jobs.report;

import io.plumbline.jobs.table.ParetoRow;
import io.plumbline.jobs.table.RecordSchema;
import io.plumbline.jobs.table.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Reads the capacity searches that a report shows. */
final class CapacityQueries {
  private CapacityQueries() {}

  /**
   * What was searched, by search, then by model and workload; the best first.
   *
   * @param spark with the tables registered
   */
  static List<CapacitySearches.Question> load(SparkSession spark) {
    Map<List<String>, List<ParetoRow>> questions = new LinkedHashMap<>();
    spark.table(Table.PARETO.tableName()).collectAsList().stream()
        .map(row -> RecordSchema.record(row, ParetoRow.class))
        .sorted(Comparator.comparing(ParetoRow::search).thenComparing(ParetoRow::position))
        .forEach(
            row ->
                questions
                    .computeIfAbsent(
                        List.of(row.search(), row.model(), row.workloadJson()),
                        unused -> new ArrayList<>())
                    .add(row));
    return questions.entrySet().stream()
        .map(
            entry ->
                new CapacitySearches.Question(
                    entry.getKey().get(0),
                    entry.getKey().get(1),
                    entry.getKey().get(2),
                    entry.getValue()))
        .toList();
  }
}
