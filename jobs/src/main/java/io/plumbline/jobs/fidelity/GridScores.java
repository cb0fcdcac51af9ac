package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.fidelity.SeriesScore.StatisticScore;
import io.plumbline.jobs.ingest.Ingestion;
import io.plumbline.jobs.score.PointPredictions;
import io.plumbline.jobs.table.DecisionFidelityRow;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.SourceRow;
import io.plumbline.jobs.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Scores the grids of a file: brings measured and predicted points into the tables and makes cells
 * and decisions of them. A published statistic has no requests to draw, so its cells have no
 * intervals.
 */
final class GridScores {
  private static final String CELLS =
      """
      SELECT * FROM fidelity_point
      WHERE metric IN ('ttft', 'tbt', 'tpot', 'e2e', 'queueing', 'request_throughput',
        'output_token_throughput', 'token_throughput')
        AND statistic IN ('mean', 'p50', 'p90', 'p95', 'p99', 'single')
      ORDER BY device, model, rate, requests, configuration, point, simulated_by, metric,
        statistic, simulated_point_id""";

  private final SparkSession spark;
  private final Places places;
  private final CellRows rows;
  private final List<String> notes = new ArrayList<>();

  GridScores(SparkSession spark, Places places, CellRows rows) {
    this.spark = spark;
    this.places = places;
    this.rows = rows;
  }

  List<String> notes() {
    return notes;
  }

  /** Adds the cells and decisions of a grid. */
  void add(
      FidelityFile.Grid grid, List<FidelityCellRow> cells, List<DecisionFidelityRow> decisions) {
    if (places.paths().find(grid.path()) == null) {
      notes.add("%s: left out, as %s is not here.".formatted(grid.name(), grid.path()));
      return;
    }
    List<String> sourceIds = new ArrayList<>();
    new RunSources(spark, places)
        .ingest(grid.kind(), grid.path()).stream()
            .map(Ingestion.Taken::source)
            .filter(Objects::nonNull)
            .map(SourceRow::sourceId)
            .forEach(sourceIds::add);
    if (grid.score() != null) {
      for (FidelityFile.Simulator simulator : grid.simulators()) {
        sourceIds.add(
            PointPredictions.write(
                places.paths().resolve(grid.score()),
                simulator.name(),
                simulator.predictor(),
                simulator.card() == null ? null : places.paths().resolve(simulator.card()),
                places.modelsDir(),
                places.paths(),
                places.resultsDir()));
      }
    }
    sourceIds.removeIf(Objects::isNull);
    if (sourceIds.isEmpty()) {
      throw new BadInputException(
          "grid %s: %s has no points. Maybe its runs belong under cases."
              .formatted(grid.name(), grid.path()));
    }
    Tables.register(spark, places.resultsDir());
    GridPoints.register(spark, grid, sourceIds);
    spark.sql(CELLS).collectAsList().forEach(row -> cells.add(cell(grid, row)));
    if (grid.rank() != null) {
      decisions.addAll(new Decisions(spark, places.modelsDir()).of(grid));
    }
  }

  private FidelityCellRow cell(FidelityFile.Grid grid, Row row) {
    Integer requests = row.getAs("requests");
    return rows.cell(
        new CellRows.About(
            grid.name() + " " + row.<String>getAs("point"),
            row.getAs("simulated_by"),
            row.getAs("model"),
            row.getAs("device"),
            "summary",
            row.getAs("point_id"),
            row.getAs("simulated_point_id"),
            row.getAs("metric"),
            row.getAs("unit"),
            requests == null || row.<String>getAs("metric").equals("tbt")
                ? null
                : (Long) requests.longValue(),
            0,
            1),
        new StatisticScore(
            row.getAs("statistic"),
            row.getAs("value"),
            row.getAs("simulated_value"),
            null,
            null,
            null));
  }
}
