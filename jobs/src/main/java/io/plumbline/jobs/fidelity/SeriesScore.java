package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.error.ErrorMetrics;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One metric of one pair, scored: every statistic of both sides, intervals of the errors, distances
 * of the whole distributions, and the noise floor where there are repeats.
 *
 * @param pairId the pair
 * @param metric name of the metric
 * @param samples values on the measured side
 * @param statistics one for each of {@link #STATISTICS}
 */
record SeriesScore(
    int pairId,
    String metric,
    long samples,
    List<StatisticScore> statistics,
    double wasserstein1,
    Interval wasserstein1Interval,
    double kolmogorovSmirnov,
    Interval kolmogorovSmirnovInterval)
    implements Serializable {
  /** In the order of the results. */
  static final List<String> STATISTICS = List.of("mean", "p50", "p90", "p95", "p99");

  private static final double[] FRACTIONS = {0.5, 0.9, 0.95, 0.99};

  /**
   * One statistic.
   *
   * @param signed interval of the signed error; null if none
   * @param percent interval of the percent error; null if none
   * @param floor null if unknown
   */
  record StatisticScore(
      String statistic,
      double reference,
      double simulated,
      Interval signed,
      Interval percent,
      NoiseFloor floor)
      implements Serializable {}

  /** What is known of the two sides beside their values. */
  record Shape(int pairId, String metric, int groups, int referenceRepeats, int simulatedRepeats) {}

  /** Scores a pair of samples. */
  static SeriesScore of(Shape shape, Sample reference, Sample simulated, ScoringRules rules) {
    Resampling resampling =
        new Resampling(
            rules.seed(), shape.groups(), shape.referenceRepeats(), shape.simulatedRepeats());
    Distances distances = new Distances(reference, simulated);
    Resampling.Draw all = resampling.all();
    double[] referenceAll = reference.statistics(FRACTIONS, all.reference());
    double[] simulatedAll = simulated.statistics(FRACTIONS, all.simulated());
    Distances.Pair whole =
        distances.of(all, reference.total(all.reference()), simulated.total(all.simulated()));

    Draws draws = new Draws(rules.resamples());
    for (int b = 0; b < rules.resamples(); b += DrawTile.WIDTH) {
      DrawTile tile = DrawTile.next(resampling, Math.min(DrawTile.WIDTH, rules.resamples() - b));
      double[] referenceTotals = reference.totals(tile.reference(), tile.draws());
      double[] simulatedTotals = simulated.totals(tile.simulated(), tile.draws());
      draws.add(
          b,
          DrawnStatistics.of(reference, FRACTIONS, tile.reference(), referenceTotals),
          DrawnStatistics.of(simulated, FRACTIONS, tile.simulated(), simulatedTotals),
          distances.of(tile, referenceTotals, simulatedTotals));
    }
    boolean spread = shape.groups() > 1 || shape.referenceRepeats() > 1;
    double confidence = rules.confidencePercent();
    double[][] repeats = repeats(shape, reference, resampling);
    return new SeriesScore(
        shape.pairId(),
        shape.metric(),
        reference.total(all.reference()),
        IntStream.range(0, STATISTICS.size())
            .mapToObj(
                s ->
                    new StatisticScore(
                        STATISTICS.get(s),
                        referenceAll[s],
                        simulatedAll[s],
                        spread ? Interval.of(draws.signed[s], confidence) : null,
                        spread ? Interval.of(draws.percent[s], confidence) : null,
                        NoiseFloor.of(repeats[s])))
            .toList(),
        whole.wasserstein1(),
        spread ? Interval.of(draws.wasserstein1, confidence) : null,
        whole.kolmogorovSmirnov(),
        spread ? Interval.of(draws.kolmogorovSmirnov, confidence) : null);
  }

  /** Each statistic in each repeat of the measured run. */
  private static double[][] repeats(Shape shape, Sample reference, Resampling resampling) {
    double[][] repeats = new double[STATISTICS.size()][shape.referenceRepeats()];
    for (int r = 0; r < shape.referenceRepeats(); r++) {
      double[] one = reference.statistics(FRACTIONS, resampling.onlyReference(r));
      for (int s = 0; s < one.length; s++) {
        repeats[s][r] = one[s];
      }
    }
    return repeats;
  }

  /** What all draws gave, statistic by statistic. */
  private static final class Draws {
    private final double[][] signed;
    private final double[][] percent;
    private final double[] wasserstein1;
    private final double[] kolmogorovSmirnov;

    private Draws(int resamples) {
      signed = new double[STATISTICS.size()][resamples];
      percent = new double[STATISTICS.size()][resamples];
      wasserstein1 = new double[resamples];
      kolmogorovSmirnov = new double[resamples];
    }

    /** Adds the draws of a tile, of which the first has a given number. */
    private void add(int first, double[][] reference, double[][] simulated, double[][] apart) {
      for (int s = 0; s < signed.length; s++) {
        for (int d = 0; d < reference[s].length; d++) {
          double r = reference[s][d];
          double p = simulated[s][d];
          Double relative = ErrorMetrics.percentError(r, p);
          signed[s][first + d] = ErrorMetrics.signedError(r, p);
          percent[s][first + d] = relative == null ? Double.NaN : relative;
        }
      }
      System.arraycopy(apart[0], 0, wasserstein1, first, apart[0].length);
      System.arraycopy(apart[1], 0, kolmogorovSmirnov, first, apart[1].length);
    }
  }
}
