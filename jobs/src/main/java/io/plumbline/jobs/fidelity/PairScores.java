package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.fidelity.SeriesScores.PairShape;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.FidelityDistanceRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Scores pairs of runs in the tables. Counting values is Spark SQL; each metric of each pair is
 * then scored by one task, and only statistics reach the driver.
 */
final class PairScores {
  private static final String DIFFERENT_REQUESTS =
      """
      SELECT count_if(r.request_id IS NULL OR s.request_id IS NULL
        OR r.prompt_tokens <> s.prompt_tokens OR r.output_tokens <> s.output_tokens)
      FROM (SELECT * FROM request_timing WHERE run_id = '%s') r
      FULL JOIN (SELECT * FROM request_timing WHERE run_id = '%s') s
        ON r.request_id = s.request_id""";

  private final SparkSession spark;
  private final ScoringRules rules;
  private final CellRows rows;

  PairScores(SparkSession spark, ScoringRules rules, CellRows rows) {
    this.spark = spark;
    this.rules = rules;
    this.rows = rows;
  }

  /** Cells and distances of all pairs, in their order. */
  record Result(List<FidelityCellRow> cells, List<FidelityDistanceRow> distances) {}

  /**
   * Scores pairs.
   *
   * @throws BadInputException if a run is unknown or a pair did not run the same requests
   */
  Result score(List<FidelityPair> pairs) {
    if (pairs.isEmpty()) {
      return new Result(List.of(), List.of());
    }
    RunFactsOfPairs runs = new RunFactsOfPairs(spark, pairs);
    pairs.forEach(pair -> requireSameRequests(pair, runs));
    SampleTable samples = new SampleTable(spark, pairs);
    List<FidelityCellRow> cells = new ArrayList<>();
    List<FidelityDistanceRow> distances = new ArrayList<>();
    for (SeriesScore score : seriesScores(pairs, samples)) {
      FidelityPair pair = pairs.get(score.pairId());
      rows.addCells(cells, pair, runs, score, samples.boundPercent(score.pairId(), score.metric()));
      distances.add(rows.distance(pair, score));
    }
    for (FidelityPair pair : pairs) {
      cells.addAll(new Throughputs(rules, rows).cells(pair, runs));
    }
    return new Result(cells, distances);
  }

  private List<SeriesScore> seriesScores(List<FidelityPair> pairs, SampleTable samples) {
    List<PairShape> shapes =
        IntStream.range(0, pairs.size())
            .mapToObj(
                id ->
                    new PairShape(
                        samples.groups(id),
                        pairs.get(id).referenceRunIds().size(),
                        pairs.get(id).simulatedRunIds().size()))
            .toList();
    SeriesScores scores = new SeriesScores(shapes, rules);
    spark.sparkContext().setJobGroup("fidelity", "scores of " + pairs.size() + " pairs", false);
    try {
      return samples
          .counts()
          .repartition(functions.col("pair_id"), functions.col("metric"))
          .sortWithinPartitions("pair_id", "metric", "side", "value", "repeat", "request_group")
          .toJavaRDD()
          .mapPartitions((java.util.Iterator<Row> task) -> scores.score(task))
          .collect()
          .stream()
          .sorted(
              Comparator.comparingInt(SeriesScore::pairId)
                  .thenComparing(score -> SampleTable.METRICS.indexOf(score.metric())))
          .toList();
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  private void requireSameRequests(FidelityPair pair, RunFactsOfPairs runs) {
    String reference = pair.referenceRunIds().get(0);
    List<String> others = new ArrayList<>(pair.referenceRunIds());
    others.addAll(pair.simulatedRunIds());
    for (String other : others) {
      if (runs.get(other).workloadId().equals(runs.get(reference).workloadId())) {
        continue;
      }
      // Others number and time the same requests in their own way; lengths tell them apart.
      long different = spark.sql(DIFFERENT_REQUESTS.formatted(reference, other)).head().getLong(0);
      if (different > 0) {
        throw new BadInputException(
            "case %s: %s and %s did not run the same requests: %d differ in their tokens or are on one side only. Maybe simulate the workload of the measured run."
                .formatted(pair.caseName(), reference, other, different));
      }
    }
  }
}
