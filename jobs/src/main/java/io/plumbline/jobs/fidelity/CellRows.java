package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.error.ErrorMetrics;
import io.plumbline.jobs.error.Thresholds;
import io.plumbline.jobs.fidelity.SeriesScore.StatisticScore;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.FidelityDistanceRow;
import io.plumbline.jobs.table.RunRow;
import java.util.List;
import java.util.function.UnaryOperator;

/** Makes rows of the tables of scores: errors, verdicts, errors over the noise floor. */
final class CellRows {
  /** The matrix is named last, when its cells are there. */
  static final String NO_MATRIX = "";

  private static final String NANOS = "ns";

  private final Thresholds thresholds;
  private final UnaryOperator<String> modelKind;

  /**
   * @param modelKind dense or moe by the name of a model; null if it has no card
   */
  CellRows(Thresholds thresholds, UnaryOperator<String> modelKind) {
    this.thresholds = thresholds;
    this.modelKind = modelKind;
  }

  /** What a cell is about, beside its numbers. */
  record About(
      String caseName,
      String simulator,
      String model,
      String device,
      String basis,
      String referenceIds,
      String simulatedIds,
      String metric,
      String unit,
      Long samples,
      double boundPercent,
      int repeats) {}

  void addCells(
      List<FidelityCellRow> to,
      FidelityPair pair,
      RunFactsOfPairs runs,
      SeriesScore score,
      double boundPercent) {
    About about =
        about(pair, runs, "request", score.metric(), NANOS, score.samples(), boundPercent);
    score.statistics().forEach(statistic -> to.add(cell(about, statistic)));
  }

  FidelityCellRow runCell(
      FidelityPair pair, RunFactsOfPairs runs, String metric, String unit, StatisticScore score) {
    long samples = pair.referenceRunIds().size();
    return cell(about(pair, runs, "run", metric, unit, samples, 0), score);
  }

  private static About about(
      FidelityPair pair,
      RunFactsOfPairs runs,
      String basis,
      String metric,
      String unit,
      long samples,
      double boundPercent) {
    RunRow reference = runs.get(pair.referenceRunIds().get(0));
    RunRow simulated = runs.get(pair.simulatedRunIds().get(0));
    return new About(
        pair.caseName(),
        pair.simulator(),
        reference.model() == null ? simulated.model() : reference.model(),
        reference.device() == null ? simulated.device() : reference.device(),
        basis,
        String.join(" ", pair.referenceRunIds()),
        String.join(" ", pair.simulatedRunIds()),
        metric,
        unit,
        samples,
        boundPercent,
        pair.referenceRunIds().size());
  }

  /** The cell of a statistic. */
  FidelityCellRow cell(About about, StatisticScore score) {
    double signed = ErrorMetrics.signedError(score.reference(), score.simulated());
    Double percent = ErrorMetrics.percentError(score.reference(), score.simulated());
    Interval interval = score.percent();
    NoiseFloor floor = score.floor();
    boolean comparable = floor != null && floor.floorPercent() > 0 && percent != null;
    return new FidelityCellRow(
        NO_MATRIX,
        about.caseName(),
        about.simulator(),
        about.model(),
        about.model() == null ? null : modelKind.apply(about.model()),
        about.device(),
        about.basis(),
        about.referenceIds(),
        about.simulatedIds(),
        about.metric(),
        score.statistic(),
        about.unit(),
        score.reference(),
        score.simulated(),
        signed,
        Math.abs(signed),
        percent,
        score.signed() == null ? null : score.signed().low(),
        score.signed() == null ? null : score.signed().high(),
        interval == null ? null : interval.low(),
        interval == null ? null : interval.high(),
        thresholds.judge(interval == null ? percent : (Double) interval.worst()).name(),
        thresholds.judge(percent).name(),
        about.samples(),
        about.boundPercent(),
        about.repeats(),
        floor == null ? null : floor.spreadPercent(),
        floor == null ? null : floor.floorPercent(),
        comparable ? Math.abs(percent) / floor.floorPercent() : null,
        NoiseFloor.word(floor));
  }

  FidelityDistanceRow distance(FidelityPair pair, SeriesScore score) {
    double mean = score.statistics().get(0).reference();
    Interval area = score.wasserstein1Interval();
    Interval gap = score.kolmogorovSmirnovInterval();
    return new FidelityDistanceRow(
        NO_MATRIX,
        pair.caseName(),
        pair.simulator(),
        score.metric(),
        NANOS,
        score.wasserstein1(),
        area == null ? null : area.low(),
        area == null ? null : area.high(),
        mean == 0 ? null : 100 * score.wasserstein1() / mean,
        score.kolmogorovSmirnov(),
        gap == null ? null : gap.low(),
        gap == null ? null : gap.high(),
        score.samples());
  }
}
