package io.plumbline.jobs.score;

import io.plumbline.jobs.error.ErrorMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** How far predictions of silicon points are, as a table in Markdown and point by point. */
public final class SiliconTable {
  private static final String HEADER =
      """
      | engine | model | precision | system | points | TTFT | TPOT | within 20 % and 10 % | extrapolated |
      |---|---|---|---|---|---|---|---|---|
      """;

  private static final String NOT_PREDICTED =
      """

      | engine | system | why not predicted | points |
      |---|---|---|---|
      """;

  private final List<ScoredSilicon> all;
  private final Map<ScoredSilicon.Point, ScoredSilicon.Prediction> predictions;

  private SiliconTable(
      List<ScoredSilicon> all, Map<ScoredSilicon.Point, ScoredSilicon.Prediction> predictions) {
    this.all = all;
    this.predictions = predictions;
  }

  /** Predicts all points. */
  public static SiliconTable of(List<ScoredSilicon> all) {
    Map<ScoredSilicon.Point, ScoredSilicon.Prediction> predictions = new ConcurrentHashMap<>();
    for (ScoredSilicon scored : all) {
      scored.points().parallelStream().forEach(point -> predictions.put(point, point.predict()));
    }
    return new SiliconTable(all, predictions);
  }

  /**
   * One line per engine, model, precision and system: median absolute error, in brackets the median
   * with its sign. Points that cannot be predicted follow, with the reason.
   */
  public String markdown() {
    StringBuilder text = new StringBuilder(HEADER);
    for (ScoredSilicon scored : all) {
      Map<String, List<ScoredSilicon.Point>> rows = new TreeMap<>();
      for (ScoredSilicon.Point point : scored.points()) {
        rows.computeIfAbsent(point.measured().row(), row -> new ArrayList<>()).add(point);
      }
      rows.forEach((row, points) -> text.append(line(row, points)));
      if (!scored.unpredicted().isEmpty()) {
        text.append(NOT_PREDICTED);
        scored
            .unpredicted()
            .forEach((row, count) -> text.append("| %s | %d |\n".formatted(row, count)));
      }
    }
    return text.toString();
  }

  private String line(String row, List<ScoredSilicon.Point> points) {
    double[] ttft = new double[points.size()];
    double[] tpot = new double[points.size()];
    double[] extrapolated = new double[points.size()];
    int near = 0;
    for (int i = 0; i < ttft.length; i++) {
      SiliconPoint measured = points.get(i).measured();
      ScoredSilicon.Prediction predicted = predictions.get(points.get(i));
      ttft[i] = 100 * (predicted.ttftMs() / measured.ttftMs() - 1);
      tpot[i] = 100 * (predicted.tpotMs() / measured.tpotMs() - 1);
      extrapolated[i] = 100 * predicted.extrapolatedFraction();
      near += Math.abs(ttft[i]) <= 20 && Math.abs(tpot[i]) <= 10 ? 1 : 0;
    }
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %s | %d | %.1f %% |%n",
        row,
        ttft.length,
        text(ttft),
        text(tpot),
        near,
        ErrorMetrics.percentile(extrapolated, 0.5));
  }

  private static String text(double[] signed) {
    double[] absolute = signed.clone();
    for (int i = 0; i < absolute.length; i++) {
      absolute[i] = Math.abs(absolute[i]);
    }
    return String.format(
        Locale.ROOT,
        "%.1f %% (%+.1f)",
        ErrorMetrics.percentile(absolute, 0.5),
        ErrorMetrics.percentile(signed, 0.5));
  }

  /** Each point, measured and predicted, in milliseconds. */
  public String csv() {
    StringBuilder text =
        new StringBuilder(
            "id,backend,model,precision,system,isl,osl,in_flight,tensor,measured_ttft_ms,predicted_ttft_ms,measured_tpot_ms,predicted_tpot_ms,extrapolated_fraction\n");
    for (ScoredSilicon scored : all) {
      for (ScoredSilicon.Point point : scored.points()) {
        SiliconPoint measured = point.measured();
        ScoredSilicon.Prediction predicted = predictions.get(point);
        text.append(
            String.format(
                Locale.ROOT,
                "%s,%s,%s,%s,%s,%d,%d,%d,%d,%.3f,%.3f,%.4f,%.4f,%.4f%n",
                measured.id(),
                measured.backend(),
                measured.model(),
                measured.precision(),
                measured.system(),
                measured.promptTokens(),
                measured.outputTokens(),
                measured.inFlight(),
                measured.tensor(),
                measured.ttftMs(),
                predicted.ttftMs(),
                measured.tpotMs(),
                predicted.tpotMs(),
                predicted.extrapolatedFraction()));
      }
    }
    return text.toString();
  }
}
