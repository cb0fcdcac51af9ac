package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.error.ErrorMetrics;
import io.plumbline.jobs.fidelity.SeriesScore.StatisticScore;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.RunRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Throughput is one value of a run, the mean of it over repeats. Requests cannot be drawn for it,
 * since a makespan is not made of single ones: only repeats give an interval.
 */
final class Throughputs {
  private final ScoringRules rules;
  private final CellRows rows;

  Throughputs(ScoringRules rules, CellRows rows) {
    this.rules = rules;
    this.rows = rows;
  }

  List<FidelityCellRow> cells(FidelityPair pair, RunFactsOfPairs runs) {
    List<FidelityCellRow> cells = new ArrayList<>();
    add(cells, pair, runs, "request_throughput", "1/s", RunRow::throughputRequestsPerSecond);
    add(
        cells,
        pair,
        runs,
        "output_token_throughput",
        "tokens/s",
        RunRow::throughputTokensPerSecond);
    return cells;
  }

  private void add(
      List<FidelityCellRow> cells,
      FidelityPair pair,
      RunFactsOfPairs runs,
      String metric,
      String unit,
      Function<RunRow, Double> value) {
    double[] reference = values(pair.referenceRunIds(), runs, value);
    double[] simulated = values(pair.simulatedRunIds(), runs, value);
    if (reference.length == 0 || simulated.length == 0) {
      return;
    }
    double[] signed = new double[rules.resamples()];
    double[] percent = new double[rules.resamples()];
    Resampling resampling = new Resampling(rules.seed(), 1, reference.length, simulated.length);
    for (int b = 0; b < signed.length; b++) {
      Resampling.Draw draw = resampling.next();
      double r = mean(reference, draw.reference());
      double s = mean(simulated, draw.simulated());
      signed[b] = ErrorMetrics.signedError(r, s);
      Double relative = ErrorMetrics.percentError(r, s);
      percent[b] = relative == null ? Double.NaN : relative;
    }
    boolean spread = reference.length > 1;
    Resampling.Draw all = resampling.all();
    StatisticScore score =
        new StatisticScore(
            "single",
            mean(reference, all.reference()),
            mean(simulated, all.simulated()),
            spread ? Interval.of(signed, rules.confidencePercent()) : null,
            spread ? Interval.of(percent, rules.confidencePercent()) : null,
            NoiseFloor.of(reference));
    cells.add(rows.runCell(pair, runs, metric, unit, score));
  }

  private static double[] values(
      List<String> ids, RunFactsOfPairs runs, Function<RunRow, Double> value) {
    return ids.stream()
        .map(id -> value.apply(runs.get(id)))
        .filter(Objects::nonNull)
        .mapToDouble(v -> v)
        .toArray();
  }

  private static double mean(double[] values, int[] weights) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weights[i] * values[i];
    }
    return sum / Arrays.stream(weights).sum();
  }
}
