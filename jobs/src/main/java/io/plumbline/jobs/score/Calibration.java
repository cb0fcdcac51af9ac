package io.plumbline.jobs.score;

import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.simulator.latency.StepTerms;
import io.plumbline.simulator.latency.TermedSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Fits the few terms that no profile has: time per step, per sequence and per prompt token, of the
 * devices where the engine schedules ahead and of the host where it does not. A pattern search:
 * each term in turn goes up or down by its step as long as that helps, then the steps are halved.
 * What the profile predicts is not touched.
 */
public final class Calibration {
  /** Steps to begin with, in microseconds: about 1 % of an iteration of 30 ms with 64 requests. */
  private static final double[] FIRST_STEPS = {400, 6, 2};

  private static final int HALVINGS = 4;

  /** A move counts if it takes away 1 % of the error, so that no term is there for nothing. */
  private static final double WORTHWHILE = 0.99;

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
    double[] best = {0, 0, 0};
    double bestError = error(training, best, ahead);
    double[] steps = FIRST_STEPS.clone();
    for (int halving = 0; halving <= HALVINGS; halving++) {
      boolean better = true;
      while (better) {
        better = false;
        for (int term = 0; term < steps.length; term++) {
          for (double direction : new double[] {1, -1}) {
            double[] tried = best.clone();
            tried[term] = Math.max(0, tried[term] + direction * steps[term]);
            double triedError =
                tried[term] == best[term] ? bestError : error(training, tried, ahead);
            if (triedError < bestError * WORTHWHILE) {
              best = tried;
              bestError = triedError;
              better = true;
            }
          }
        }
      }
      for (int term = 0; term < steps.length; term++) {
        steps[term] /= 2;
      }
    }
    StepTerms fitted = new StepTerms(best[0], best[1], best[2]);
    List<String> names = new ArrayList<>();
    training.forEach(run -> names.add(run.name()));
    return new CalibrationCard.Fold(
        scored.name(),
        names,
        ahead ? given.host() : fitted,
        ahead ? fitted : given.unprofiled(),
        before,
        bestError);
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
    StepTerms none = StepTerms.defaults();
    return error(
        runs, run -> run.with(ahead ? none : fitted, ahead ? fitted : none).score().total());
  }

  private static double error(List<ScoredRun> runs, ToDoubleFunction<ScoredRun> score) {
    return runs.stream().mapToDouble(score).average().orElseThrow();
  }
}
