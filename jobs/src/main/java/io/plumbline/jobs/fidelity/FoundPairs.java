package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Pairs that follow from the tables alone: every measured run with every simulated run of the same
 * workload. Measured runs of one label and workload are repeats of one case; simulated runs of one
 * engine, predictor, scheduler and label are one simulator, several of them its seeds.
 */
public final class FoundPairs {
  private static final String CASES =
      """
      SELECT coalesce(label, run_id) AS case_name, workload_id,
        sort_array(collect_list(struct(coalesce(repeat, 1) AS repeat, run_id))).run_id AS runs
      FROM run WHERE origin = 'measured'
      GROUP BY coalesce(label, run_id), workload_id, model, device
      ORDER BY case_name, workload_id""";

  private static final String SIMULATIONS =
      """
      SELECT workload_id,
        concat_ws(' ', coalesce(engine, 'unknown'), predictor, scheduler, label) AS simulator,
        spec_json, sort_array(collect_list(run_id)) AS runs
      FROM run WHERE origin = 'simulated' AND outcome = 'completed'
      GROUP BY ALL ORDER BY workload_id, simulator, runs""";

  private static final String QUEUED =
      "SELECT DISTINCT run_id FROM request_timing WHERE origin = 'measured' AND queued_ns IS NOT NULL";

  private FoundPairs() {}

  /**
   * All pairs, in a stable order.
   *
   * @param spark a session in which the tables are registered
   * @throws BadInputException if there are none
   */
  public static List<FidelityPair> in(SparkSession spark) {
    List<String> queued =
        spark.sql(QUEUED).collectAsList().stream().map(row -> row.getString(0)).toList();
    Map<String, List<Row>> simulations = new LinkedHashMap<>();
    for (Row row : spark.sql(SIMULATIONS).collectAsList()) {
      simulations.computeIfAbsent(row.getString(0), id -> new ArrayList<>()).add(row);
    }
    List<FidelityPair> pairs = new ArrayList<>();
    for (Row measured : spark.sql(CASES).collectAsList()) {
      List<String> references = measured.getList(2);
      List<Row> predicted = simulations.getOrDefault(measured.getString(1), List.of());
      Map<String, Integer> names = new LinkedHashMap<>();
      for (Row row : predicted) {
        String simulator = row.getString(1);
        int before = names.merge(simulator, 1, Integer::sum);
        pairs.add(
            new FidelityPair(
                measured.getString(0),
                before == 1 ? simulator : simulator + " #" + before,
                references,
                row.getList(3),
                queued.contains(references.get(0))));
      }
    }
    if (pairs.isEmpty()) {
      throw new BadInputException(
          "no simulated run has the workload of a measured run. Maybe simulate the workload of a measured run, or name a FILE.");
    }
    return pairs;
  }
}
