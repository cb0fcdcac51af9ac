package io.plumbline.jobs.search;

import io.plumbline.jobs.table.CapacityRow;
import io.plumbline.jobs.table.ParetoRow;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.RecordSchema;
import io.plumbline.jobs.table.Table;
import io.plumbline.jobs.table.Tables;
import io.plumbline.jobs.table.TextFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What a search found, written down.
 *
 * @param rows of the table {@code pareto}
 * @param operatingPoints the sweep file; null if nothing was found
 */
public record SearchResult(List<ParetoRow> rows, String operatingPoints) {
  /** Below the tables, of which it is none. */
  private static final String FOLDER = "_searches";

  /** Reads the capacities of a search, ranks them, and writes the ranks and the sweep file. */
  public static SearchResult write(
      SparkSession spark, SearchPlan plan, List<SearchRunner.Failure> failures, String resultsDir) {
    Map<String, String> broken = new HashMap<>();
    failures.forEach(failure -> broken.put(failure.capacityId(), failure.message()));
    List<ParetoRow> rows = new ParetoRows(plan, capacities(spark, plan, resultsDir), broken).rows();
    new PartitionWriter(resultsDir).replace(Table.PARETO, List.of(plan.name()), rows.iterator());
    OperatingPoints points = new OperatingPoints(plan);
    String yaml = points.yaml(rows);
    if (yaml == null) {
      return new SearchResult(rows, null);
    }
    String name = points.sweep() + ".yaml";
    new TextFiles(resultsDir + "/" + FOLDER).write(name, yaml);
    return new SearchResult(rows, resultsDir + "/" + FOLDER + "/" + name);
  }

  private static Map<String, CapacityRow> capacities(
      SparkSession spark, SearchPlan plan, String resultsDir) {
    Tables.register(spark, resultsDir);
    Object[] ids = plan.cases().stream().map(SearchPlan.Case::capacityId).toArray();
    Map<String, CapacityRow> capacities = new HashMap<>();
    spark
        .table(Table.CAPACITY.tableName())
        .filter(functions.col("capacity_id").isin(ids))
        .collectAsList()
        .forEach(
            row -> {
              CapacityRow capacity = RecordSchema.record(row, CapacityRow.class);
              capacities.put(capacity.capacityId(), capacity);
            });
    return capacities;
  }
}
