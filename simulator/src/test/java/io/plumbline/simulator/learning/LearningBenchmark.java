package io.plumbline.simulator.learning;

import com.sun.management.OperatingSystemMXBean;
import io.plumbline.trace.random.NumpyRandom;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Trains the operators of recorded sets of models and prints, as tables, what it cost and how near
 * the predictions are. CPU time is the process's, compiler and collector included.
 *
 * <p>Arguments: the folder of the sets; {@code golden} for the grid that the set was searched with,
 * {@code vidur} for the same with as many forests as the original grows (not with its random
 * numbers, which depend on what was trained before), {@code default} for Vidur's default grid,
 * {@code holdout} for the error of 750 trees on a fifth of the attention points drawn at random;
 * names of sets (all if there are none).
 */
final class LearningBenchmark {
  private LearningBenchmark() {}

  public static void main(String[] args) {
    List<String> names = Arrays.asList(args).subList(2, args.length);
    List<GoldenModels> sets =
        GoldenModels.in(Path.of(args[0])).stream()
            .filter(set -> names.isEmpty() || names.contains(set.name()))
            .toList();
    if (args[1].equals("holdout")) {
      holdOut(sets);
    } else {
      train(sets, args[1]);
    }
  }

  private static void train(List<GoldenModels> sets, String grid) {
    System.out.println(
        "| set | operator | rows | chosen | CV MAPE % | training MAPE % | table median % | P99 % |"
            + " max % | CPU s |\n|---|---|---|---|---|---|---|---|---|---|");
    for (GoldenModels set : sets) {
      double cpu = 0;
      for (String operator : set.operators()) {
        cpu += measure(set, operator, grid);
      }
      System.out.printf(Locale.ROOT, "| %s | all | | | | | | | | %.2f |%n", set.name(), cpu);
    }
  }

  private static void holdOut(List<GoldenModels> sets) {
    System.out.println("| set | operator | seed | MAPE % |\n|---|---|---|---|");
    for (GoldenModels set : sets) {
      for (String operator : List.of("attn_decode", "attn_prefill")) {
        for (long seed = 0; seed < 3; seed++) {
          System.out.printf(
              Locale.ROOT,
              "| %s | %s | %d | %.3f |%n",
              set.name(),
              operator,
              seed,
              holdOutMape(set.samples(operator), seed));
        }
      }
    }
  }

  /** Split as scikit-learn's {@code train_test_split} with {@code random_state=0} does. */
  private static double holdOutMape(Samples samples, long seed) {
    int[] order = new NumpyRandom(0).permutation(samples.rows());
    int heldOut = (samples.rows() + 4) / 5;
    Samples known = rows(samples, Arrays.copyOfRange(order, heldOut, order.length));
    Samples unknown = rows(samples, Arrays.copyOf(order, heldOut));
    RandomForestSpec spec =
        new RandomForestSpec(List.of(750), List.of(32), List.of(2), 10, seed, ForestDraws.OWN);
    TrainedModel model = new RandomForest(spec, known).fit(32, 2, 750);
    PercentageError error = new PercentageError();
    for (int row = 0; row < heldOut; row++) {
      error.add(
          unknown.targets()[row],
          model.predict(unknown.features()[0][row], unknown.features()[1][row]));
    }
    return error.mean();
  }

  private static Samples rows(Samples samples, int[] rows) {
    return new Samples(
        Arrays.stream(samples.features()).map(f -> pick(f, rows)).toArray(double[][]::new),
        pick(samples.targets(), rows));
  }

  private static double[] pick(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
  }

  private static double measure(GoldenModels set, String operator, String grid) {
    Samples samples = set.samples(operator);
    double[][] table = set.table(operator);
    LearnerSpec learner =
        set.isForest() && grid.equals("default")
            ? RandomForestSpec.defaults()
            : set.learner(grid.equals("vidur") ? ForestDraws.VIDUR : ForestDraws.OWN);
    double start = cpuSeconds();
    TrainedModel model = learner.train(samples);
    double cpu = cpuSeconds() - start;
    RelativeDifference difference = RelativeDifference.between(model, table);
    TrainingReport report = model.report();
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %d | %s | %.3f | %.3f | %.4f | %.3f | %.2f | %.2f |%n",
        set.name(),
        operator,
        report.rows(),
        String.join(" ", report.parameters().values()),
        report.crossValidationMape(),
        report.trainingMape(),
        difference.median() * 100,
        difference.p99() * 100,
        difference.max() * 100,
        cpu);
    return cpu;
  }

  private static double cpuSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        * 1e-9;
  }
}
