package io.plumbline.simulator.learning;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Trains the operators of recorded sets of models and prints, as a table, what it cost and how near
 * the predictions are. CPU time is the process's, compiler and collector included.
 *
 * <p>Arguments: the folder of the sets, {@code golden} or {@code default} for the grid, names of
 * sets (all if there are none).
 */
final class LearningBenchmark {
  private LearningBenchmark() {}

  public static void main(String[] args) {
    System.out.println(
        "| set | operator | rows | chosen | CV MAPE % | training MAPE % | table median % | P99 % | max % | CPU s |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|");
    List<String> names = Arrays.asList(args).subList(2, args.length);
    for (GoldenModels set : GoldenModels.in(Path.of(args[0]))) {
      if (names.isEmpty() || names.contains(set.folder().getFileName().toString())) {
        double cpu = 0;
        for (String operator : set.operators()) {
          cpu += measure(set, operator, args[1].equals("golden"));
        }
        System.out.printf(
            Locale.ROOT, "| %s | all | | | | | | | | %.2f |%n", set.folder().getFileName(), cpu);
      }
    }
  }

  private static double measure(GoldenModels set, String operator, boolean goldenGrid) {
    Samples samples = set.samples(operator);
    double[][] table = set.table(operator);
    LearnerSpec learner =
        goldenGrid || !set.isForest() ? set.learner() : RandomForestSpec.defaults();
    double start = cpuSeconds();
    TrainedModel model = learner.train(samples);
    double cpu = cpuSeconds() - start;
    RelativeDifference difference = RelativeDifference.between(model, table);
    TrainingReport report = model.report();
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %d | %s | %.3f | %.3f | %.4f | %.3f | %.2f | %.2f |%n",
        set.folder().getFileName(),
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
