package io.plumbline.jobs.score;

import io.plumbline.files.Names;
import java.util.List;
import java.util.Locale;

/** Scores as a table in Markdown, one line per run and predictor. */
public final class ScoreTable {
  private static final String HEADER =
      """
      | run | predictor | requests | TTFT | TPOT | E2E | extrapolated |
      |---|---|---|---|---|---|---|
      """;

  private ScoreTable() {}

  /**
   * One line.
   *
   * @param predictor its kind
   */
  public record Row(String predictor, RunScore score) {
    /** The line of a run. */
    public static Row of(ScoredRun run, RunScore score) {
      return new Row(Names.kind(run.spec().predictor().getClass()), score);
    }
  }

  /** Mean absolute percentage error, in brackets the median and the mean with its sign. */
  public static String markdown(List<Row> rows) {
    StringBuilder text = new StringBuilder(HEADER);
    for (Row row : rows) {
      RunScore score = row.score();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %s | %s | %s | %.2f %% |%n",
              score.run(),
              row.predictor(),
              score.requests(),
              text(score.ttft()),
              text(score.tpot()),
              text(score.e2e()),
              100 * score.extrapolatedFraction()));
    }
    return text.toString();
  }

  static String text(RunScore.Error error) {
    return String.format(
        Locale.ROOT, "%.2f %% (%.2f, %+.2f)", error.mean(), error.median(), error.signedMean());
  }
}
