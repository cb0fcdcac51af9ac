package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.error.ErrorMetrics;
import io.plumbline.jobs.sweep.PointResolver;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.TableLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Iterations of decodes that an engine logged, and what predicts each of them.
 *
 * @param steps measured
 */
public record ScoredSteps(
    String name,
    SimulationSpec spec,
    ExecutionTimePredictor predictor,
    List<StepTrace.Step> steps) {
  private static final String HEADER =
      """
      | steps of | decodes | steps | measured, ms | predicted, ms | error | signed | extrapolated |
      |---|---|---|---|---|---|---|---|
      """;

  /**
   * Reads and checks the steps of a file.
   *
   * @param modelsDir folder of the cards
   * @throws io.plumbline.files.BadInputException listing every problem with its place
   */
  public static List<ScoredSteps> read(Path file, Path modelsDir, PathResolver paths) {
    return read(file, null, modelsDir, paths);
  }

  /**
   * The same with another predictor.
   *
   * @param predictor as a file states it; null for the file's own
   */
  public static List<ScoredSteps> read(
      Path file, ConfNode predictor, Path modelsDir, PathResolver paths) {
    ScoreFile conf = ScoreFile.read(file, predictor);
    Problems problems = new Problems();
    PointResolver resolver = new PointResolver(modelsDir, paths, problems);
    PredictorsOfPoints predictors = new PredictorsOfPoints(paths, resolver.cards());
    List<ScoredSteps> all = new ArrayList<>();
    for (ScoreFile.Steps entry : conf.steps()) {
      PointResolver.Resolved point =
          resolver.resolve(entry.simulate().overlay(PredictorsOfPoints.ONE_REQUEST));
      if (point != null) {
        all.add(read(entry, point.spec(), paths, predictors));
      }
    }
    problems.throwIfAny(file.toString());
    return all;
  }

  private static ScoredSteps read(
      ScoreFile.Steps entry,
      SimulationSpec spec,
      PathResolver paths,
      PredictorsOfPoints predictors) {
    List<StepTrace.Step> steps =
        StepTrace.read(
            paths.resolve(entry.file()), entry.experiment(), spec.kvCache().blockTokens());
    int longest = steps.stream().mapToInt(StepTrace.Step::contextTokens).max().orElseThrow();
    TableLimits limits =
        new TableLimits(
            spec.scheduler().maxBatchTokens(), spec.scheduler().maxBatchSize(), longest);
    return new ScoredSteps(entry.name(), spec, predictors.of(spec, limits), steps);
  }

  private Batch batch(StepTrace.Step step) {
    Batch batch = Batch.ofDecodes(step.decodes(), step.contextTokens());
    spec.scheduler().launch(batch);
    return batch;
  }

  /** One line for all steps, and one for each doubling of the number of decodes. */
  public static String markdown(List<ScoredSteps> all) {
    StringBuilder text = new StringBuilder(HEADER);
    for (ScoredSteps scored : all) {
      text.append(line(scored.name(), "all", scored.errors(scored.steps())));
      Map<Integer, List<StepTrace.Step>> bySize = new TreeMap<>();
      for (StepTrace.Step step : scored.steps()) {
        bySize
            .computeIfAbsent(Integer.highestOneBit(step.decodes()), size -> new ArrayList<>())
            .add(step);
      }
      bySize.forEach(
          (size, steps) ->
              text.append(line("", size + " to " + (2 * size - 1), scored.errors(steps))));
    }
    return text.toString();
  }

  private static String line(String name, String decodes, Errors errors) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d | %.2f | %.2f | %.1f %% | %+.1f %% | %.1f %% |%n",
        name,
        decodes,
        errors.steps(),
        errors.measuredMs(),
        errors.predictedMs(),
        errors.medianPercent(),
        errors.signedMedianPercent(),
        100 * errors.extrapolatedFraction());
  }

  /** Median over all steps of the absolute error of their duration, in percent. */
  public double medianErrorPercent() {
    return errors(steps).medianPercent();
  }

  /** Share of the predicted time outside of what was measured. */
  public double extrapolatedFraction() {
    return errors(steps).extrapolatedFraction();
  }

  /** Medians over some steps; the errors are those of single steps. */
  record Errors(
      int steps,
      double measuredMs,
      double predictedMs,
      double medianPercent,
      double signedMedianPercent,
      double extrapolatedFraction) {}

  Errors errors(List<StepTrace.Step> some) {
    double[] measured = new double[some.size()];
    double[] predicted = new double[some.size()];
    double[] signed = new double[some.size()];
    double[] absolute = new double[some.size()];
    double sum = 0;
    double extrapolated = 0;
    for (int i = 0; i < signed.length; i++) {
      Batch batch = batch(some.get(i));
      double seconds = seconds(batch);
      measured[i] = some.get(i).nanos() * 1e-6;
      predicted[i] = seconds * 1e3;
      signed[i] = 100 * (predicted[i] / measured[i] - 1);
      absolute[i] = Math.abs(signed[i]);
      sum += seconds;
      extrapolated += predictor.extrapolatedSeconds(batch, 0);
    }
    return new Errors(
        signed.length,
        ErrorMetrics.percentile(measured, 0.5),
        ErrorMetrics.percentile(predicted, 0.5),
        ErrorMetrics.percentile(absolute, 0.5),
        ErrorMetrics.percentile(signed, 0.5),
        extrapolated / sum);
  }

  /** The host works beside the devices where the engine schedules ahead. */
  private double seconds(Batch batch) {
    double model = predictor.modelSeconds(batch, 0);
    double host = predictor.hostSeconds(batch, 0);
    boolean ahead = spec.scheduler().overlapsHost(spec.deployment().parallelism().pipeline());
    return ahead ? Math.max(model, host) : model + host;
  }
}
