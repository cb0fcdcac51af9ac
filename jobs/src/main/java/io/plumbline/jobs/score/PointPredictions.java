package io.plumbline.jobs.score;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.Json;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.table.RunSummaryRow;
import io.plumbline.jobs.table.SourceRow;
import io.plumbline.jobs.table.SourceWriter;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.jobs.table.Table;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.run.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Predicts the grids and the closed-loop points of a score file and puts what is predicted into
 * {@code run_summary}, beside what was measured: a row's {@code spec_json} names the simulator and
 * the measured point.
 */
public final class PointPredictions {
  private static final double NANOS_PER_MILLI = 1e6;

  private PointPredictions() {}

  /**
   * Predicts all points and writes them as one source, in place of what it had.
   *
   * @param simulator how the predictor is called in tables
   * @param predictor what predicts instead of the file's own, as a file states it; null for that
   * @param card terms that {@code calibrate} fitted for the grids; null for those of the predictor
   * @param modelsDir folder of the cards
   * @param resultsDir folder of the tables
   * @return id of the source; null if the file has no points
   * @throws io.plumbline.files.BadInputException listing every problem with its place
   */
  public static String write(
      Path file,
      String simulator,
      ConfNode predictor,
      Path card,
      Path modelsDir,
      PathResolver paths,
      String resultsDir) {
    String sourceId =
        "s" + new Sha256().putText(ScoredRuns.name(file)).putText(simulator).shortHex();
    List<RunSummaryRow> rows = new ArrayList<>();
    List<ScoredPoint> points = ScoredGrids.read(file, predictor, modelsDir, paths).points();
    if (card != null) {
      points = CalibrationCard.read(card).applyToPoints(points);
    }
    points.parallelStream()
        .map(point -> rows(sourceId, simulator, point))
        .toList()
        .forEach(rows::addAll);
    for (ScoredSilicon silicon : ScoredSilicon.read(file, predictor, modelsDir, paths)) {
      silicon.points().parallelStream()
          .map(point -> rows(sourceId, simulator, point))
          .toList()
          .forEach(rows::addAll);
    }
    if (rows.isEmpty()) {
      return null;
    }
    try (SourceWriter writer = new SourceWriter(resultsDir, sourceId)) {
      rows.forEach(row -> writer.write(Table.RUN_SUMMARY, row));
      writer.publish(
          new SourceRow(
              sourceId,
              "prediction",
              ScoredRuns.name(file),
              simulator,
              null,
              null,
              rows.size(),
              0,
              0,
              0,
              0,
              0));
    }
    return sourceId;
  }

  private static List<RunSummaryRow> rows(String sourceId, String simulator, ScoredPoint point) {
    MeasuredPoint measured = point.measured();
    MeasuredPoint.Deployed deployed = measured.deployed();
    SummaryPoint summary =
        summary(simulator, measured.name())
            .model(deployed.model())
            .device(measured.device())
            .devices(deployed.replicas() * deployed.tensorParallel() * deployed.pipelineParallel())
            .parallel(
                deployed.replicas(), deployed.tensorParallel(), deployed.pipelineParallel(), null)
            .requestRate(measured.load().requestsPerSecond())
            .requests(measured.load().requests());
    Latencies predicted = point.predict();
    return Stream.of(Latencies.Statistic.values())
        .filter(statistic -> predicted.get(statistic) != null)
        .map(
            statistic -> {
              String[] parts = statistic.name().toLowerCase(Locale.ROOT).split("_", -1);
              return summary.row(
                  sourceId,
                  SummaryMetric.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                  parts[1],
                  predicted.get(statistic));
            })
        .toList();
  }

  private static List<RunSummaryRow> rows(
      String sourceId, String simulator, ScoredSilicon.Point point) {
    SiliconPoint measured = point.measured();
    SummaryPoint summary =
        summary(simulator, measured.id()).model(measured.model()).device(measured.system());
    ScoredSilicon.Prediction predicted = point.predict();
    List<RunSummaryRow> rows = new ArrayList<>();
    add(rows, summary, sourceId, SummaryMetric.TTFT, predicted.ttftMs());
    add(rows, summary, sourceId, SummaryMetric.TPOT, predicted.tpotMs());
    return rows;
  }

  private static void add(
      List<RunSummaryRow> rows,
      SummaryPoint point,
      String sourceId,
      SummaryMetric metric,
      double millis) {
    if (Double.isFinite(millis)) {
      rows.add(point.row(sourceId, metric, "single", millis * NANOS_PER_MILLI));
    }
  }

  private static SummaryPoint summary(String simulator, String measured) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.put("simulator", simulator).put("measured", measured);
    return new SummaryPoint(Origin.SIMULATED, simulator + "/" + measured)
        .engine("plumbline", null)
        .clock(SummaryPoint.Clock.ENGINE)
        .spec(Json.write(spec));
  }
}
