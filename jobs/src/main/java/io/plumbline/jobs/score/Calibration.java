package io.plumbline.jobs.score;

import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.simulator.latency.StepTerms;
import io.plumbline.simulator.latency.TermedSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Fits the few terms that no profile has: time per step, per sequence and per prompt token, of the
 * devices where the engine schedules ahead and of the host where it does not. What the profile
 * predicts is not touched.
 */
public final class Calibration {
  /** Steps to begin with, in microseconds: about 1 % of an iteration of 30 ms with 64 requests. */
  private static final double[] FIRST_STEPS = {400, 6, 2};

  private static final int HALVINGS = 4;

  private Calibration() {}

  /** The fold of one run. */
  public static CalibrationCard.Fold fold(
      ScoredRun scored, List<ScoredRun> runs, LeaveOut leaveOut) {
    List<ScoredRun> training =
        runs.stream().filter(other -> other.isHere() && leaveOut.trains(other, scored)).toList();
    TermedSpec given = termsOf(scored.spec().predictor());
    if (training.isEmpty()) {
      return new CalibrationCard.Fold(
          scored.name(), List.of(), given.host(), given.unprofiled(), null, null);
    }
    boolean ahead = schedulesAhead(scored);
    double before = error(training, run -> run.score().total());
    PatternSearch search =
        new PatternSearch(FIRST_STEPS, HALVINGS, terms -> error(training, terms, ahead));
    double[] best = search.from(new double[FIRST_STEPS.length]);
    StepTerms fitted = new StepTerms(best[0], best[1], best[2]);
    List<String> names = new ArrayList<>();
    training.forEach(run -> names.add(run.name()));
    return new CalibrationCard.Fold(
        scored.name(),
        names,
        ahead ? given.host() : fitted,
        ahead ? fitted : given.unprofiled(),
        before,
        search.error());
  }

  private static TermedSpec termsOf(PredictorSpec predictor) {
    if (predictor instanceof TermedSpec spec) {
      return spec;
    }
    predictor.with(StepTerms.defaults(), StepTerms.defaults());
    throw new IllegalStateException("unreachable");
  }

  private static boolean schedulesAhead(ScoredRun run) {
    return run.spec().scheduler().overlapsHost(run.spec().deployment().parallelism().pipeline());
  }

  private static double error(List<ScoredRun> runs, double[] terms, boolean ahead) {
    StepTerms fitted = new StepTerms(terms[0], terms[1], terms[2]);
    return error(runs, run -> with(run, fitted, ahead).score().total());
  }

  /** The terms that are not fitted stay as the file has them. */
  private static ScoredRun with(ScoredRun run, StepTerms fitted, boolean ahead) {
    TermedSpec given = termsOf(run.spec().predictor());
    return ahead ? run.with(given.host(), fitted) : run.with(fitted, given.unprofiled());
  }

  private static double error(List<ScoredRun> runs, ToDoubleFunction<ScoredRun> score) {
    return runs.stream().mapToDouble(score).average().orElseThrow();
  }
}
