package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.fidelity.SeriesScores.PairShape;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.FidelityDistanceRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/**
 * Scores pairs of runs in the tables. One pass over them gathers values in primitive arrays; each
 * metric of each pair is then scored by one task, and only statistics reach the driver.
 */
final class PairScores {
  /** Runs of the same requests have none; %3$s is what requests are told by. */
  private static final String DIFFERENT_REQUESTS =
      """
      SELECT count_if(r.request_id IS NULL OR s.request_id IS NULL
        OR r.prompt_tokens <> s.prompt_tokens OR r.output_tokens <> s.output_tokens)
      FROM (SELECT *, %3$s AS position FROM request_timing WHERE run_id = '%1$s') r
      FULL JOIN (SELECT *, %3$s AS position FROM request_timing WHERE run_id = '%2$s') s
        ON r.position = s.position""";

  private static final String BY_ID = "request_id";
  private static final String BY_LENGTH =
      "row_number() OVER (ORDER BY prompt_tokens, output_tokens, request_id)";

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
    Set<Integer> permuted = new HashSet<>();
    for (int id = 0; id < pairs.size(); id++) {
      if (isPermuted(pairs.get(id), runs)) {
        permuted.add(id);
      }
    }
    SampleTable samples = new SampleTable(spark, pairs, permuted);
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
          .chunks()
          .groupByKey(tasks(pairs.size()))
          .flatMap(series -> scores.score(series._1(), series._2()).iterator())
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

  /** A task for each metric of each pair, as long as these are few. */
  private int tasks(int pairs) {
    int few = Math.max(64, 4 * spark.sparkContext().defaultParallelism());
    return Math.min(pairs * SampleTable.METRICS.size(), few);
  }

  /** Whether a run of a pair has its requests in another order; other requests are refused. */
  private boolean isPermuted(FidelityPair pair, RunFactsOfPairs runs) {
    String reference = pair.referenceRunIds().get(0);
    List<String> others = new ArrayList<>(pair.referenceRunIds());
    others.addAll(pair.simulatedRunIds());
    boolean permuted = false;
    for (String other : others) {
      // Others number and time the same requests in their own way; lengths tell them apart.
      if (runs.get(other).workloadId().equals(runs.get(reference).workloadId())
          || different(reference, other, BY_ID) == 0) {
        continue;
      }
      long different = different(reference, other, BY_LENGTH);
      if (different > 0) {
        throw new BadInputException(
            "case %s: %s and %s did not run the same requests: %d differ in their tokens or are on one side only. Maybe simulate the workload of the measured run."
                .formatted(pair.caseName(), reference, other, different));
      }
      permuted = true;
    }
    return permuted;
  }

  private long different(String reference, String other, String position) {
    return spark.sql(DIFFERENT_REQUESTS.formatted(reference, other, position)).head().getLong(0);
  }
}
