package io.plumbline.jobs.conformance;

import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.files.reallm.ReallmResults;
import io.plumbline.files.reallm.ReallmTrace;
import io.plumbline.simulator.latency.ReallmPredictor;
import io.plumbline.simulator.reallm.ExpertDraws;
import io.plumbline.simulator.reallm.IterationTimes;
import io.plumbline.simulator.reallm.TieChoice;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One recorded run of ReaLLM: {@code config.yaml} and {@code steps.csv} with every iteration. Each
 * is timed as it was recorded, so that none depends on those before it but for the draws of
 * experts.
 */
record ReallmCase(Path folder) {
  static final String CONFIG = "config.yaml";
  static final String STEPS = "steps.csv";
  private static final String TRACE = "trace.csv";
  private static final String RESULTS = "sim_results.csv";
  private static final double TOLERANCE = 1e-9;
  private static final double NANOS = 1e9;

  /** {@code numpy.random.seed(0)} before the recorded runs. */
  private static final long SEED = 0;

  /** An iteration as it was recorded. */
  private record Step(
      int number, int prefillTokens, int[] contexts, double seconds, double theirPredictSeconds) {}

  /**
   * The outcome of a case, and what it took.
   *
   * @param cpuSeconds of our predictions
   * @param theirSeconds of theirs, on the wall
   */
  record Outcome(CaseResult result, int steps, double cpuSeconds, double theirSeconds) {}

  Outcome compare(List<Path> libraries) {
    ReallmSetup setup = new ReallmSetup(folder.resolve(CONFIG));
    IterationTimes times = setup.times(libraries);
    List<Step> steps = steps();
    double[] ours = new double[steps.size()];
    boolean[] tied = new boolean[steps.size()];
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    ExpertDraws draws = new ExpertDraws(SEED);
    for (int i = 0; i < ours.length; i++) {
      Step step = steps.get(i);
      ours[i] = times.seconds(step.prefillTokens(), step.contexts(), step.contexts().length, draws);
      tied[i] = times.tied();
    }
    double cpuSeconds = (threads.getCurrentThreadCpuTime() - start) / NANOS;
    double theirs = steps.stream().mapToDouble(Step::theirPredictSeconds).sum();
    double[] lowest = all(steps, times.choosing(TieChoice.LOWEST));
    double[] highest = all(steps, times.choosing(TieChoice.HIGHEST));
    Iterations iterations = new Iterations(steps, ours, lowest, highest, tied);
    return new Outcome(iterations.result(loop(setup, times)), ours.length, cpuSeconds, theirs);
  }

  private static double[] all(List<Step> steps, IterationTimes times) {
    ExpertDraws draws = new ExpertDraws(SEED);
    return steps.stream()
        .mapToDouble(
            step ->
                times.seconds(step.prefillTokens(), step.contexts(), step.contexts().length, draws))
        .toArray();
  }

  /** The same run from its arrivals alone; nothing if they or its results were not recorded. */
  private List<Deviation> loop(ReallmSetup setup, IterationTimes times) {
    Path arrivals = folder.resolve(TRACE);
    Path results = folder.resolve(RESULTS);
    if (!Files.exists(arrivals) || !Files.exists(results)) {
      return List.of();
    }
    ReallmTrace trace = ReallmTrace.read(arrivals);
    int requests = trace.workload().size();
    return new ReallmLoop(
            trace,
            ReallmResults.read(results, requests),
            setup.scheduler(requests),
            new ReallmPredictor(times, new ExpertDraws(SEED)))
        .deviations();
  }

  /**
   * All iterations of the case, with our times.
   *
   * @param lowest with the lowest answer of each tie, by iteration
   * @param highest likewise the highest
   */
  private final class Iterations {
    private final List<Step> steps;
    private final double[] ours;
    private final double[] lowest;
    private final double[] highest;
    private final boolean[] tied;

    Iterations(List<Step> steps, double[] ours, double[] lowest, double[] highest, boolean[] tied) {
      this.steps = steps;
      this.ours = ours;
      this.lowest = lowest;
      this.highest = highest;
      this.tied = tied;
    }

    CaseResult result(List<Deviation> loop) {
      Deviation latency = new Deviation("latency_s", TOLERANCE);
      int excepted = 0;
      double largest = 0;
      for (int i = 0; i < ours.length; i++) {
        double recorded = steps.get(i).seconds();
        double apart = Math.abs(ours[i] - recorded) / recorded;
        if (apart > TOLERANCE && isAnswerOfTies(i)) {
          excepted++;
          largest = Math.max(largest, apart);
        } else {
          String place = "step %d".formatted(steps.get(i).number());
          latency.compare(recorded, ours[i], () -> place);
        }
      }
      List<String> notes = new ArrayList<>();
      if (excepted > 0) {
        notes.add(
            String.format(
                Locale.ROOT,
                "%d iteration%s within the answers that equally near rows and equal triangulations have, of which the original took another, up to %.3g %% apart.",
                excepted,
                excepted == 1 ? "" : "s",
                100 * largest));
      }
      return CaseResult.judged(
          folder.getFileName().toString(),
          "%d iterations, %d ties apart".formatted(ours.length, excepted),
          Stream.concat(Stream.of(latency), loop.stream()).toList(),
          notes);
    }

    /** Whether the recorded time lies between those of the lowest and of the highest answers. */
    private boolean isAnswerOfTies(int i) {
      double recorded = steps.get(i).seconds();
      return tied[i]
          && recorded >= lowest[i] * (1 - TOLERANCE)
          && recorded <= highest[i] * (1 + TOLERANCE);
    }
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    new CsvTable(
            folder.resolve(STEPS), "step", "prefill_len", "n_decode", "latency_s", "decode_ctx")
        .forEach(row -> steps.add(step(row)));
    return steps;
  }

  private static Step step(CsvRow row) {
    int decodes = row.integer("n_decode", 0);
    String text = row.text("decode_ctx");
    String[] words = text == null ? new String[0] : text.strip().split(" ", -1);
    if (words.length != decodes) {
      throw row.bad("decode_ctx", "must have %d contexts".formatted(decodes));
    }
    int[] contexts = new int[decodes];
    try {
      for (int i = 0; i < decodes; i++) {
        contexts[i] = Integer.parseInt(words[i]);
      }
    } catch (NumberFormatException e) {
      throw row.bad("decode_ctx", "must be integers with blanks between them");
    }
    Double predicted = row.amountOrNull("predict_wall_s");
    return new Step(
        row.integer("step", 0),
        row.integer("prefill_len", 0),
        contexts,
        row.seconds("latency_s"),
        predicted == null ? 0 : predicted);
  }
}
