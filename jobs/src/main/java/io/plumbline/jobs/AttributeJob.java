package io.plumbline.jobs;

import io.plumbline.jobs.attribution.Attribution;
import io.plumbline.jobs.attribution.ErrorRegression;
import io.plumbline.jobs.attribution.PartError;
import io.plumbline.jobs.report.TextTable;
import io.plumbline.jobs.report.TextTable.Align;
import io.plumbline.jobs.table.SparkSessions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says which part of a prediction is off, and why. */
@Command(
    name = "attribute",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Splits the error of each request's E2E into queueing, prefill, decode, preemption and host,"
          + " and says in words what is off, with the evidence.",
      "",
      "A RUN is a run id, a label, or the first letters of a run id. Results go to the table"
          + " error_attribution; asking again replaces them.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:attributed", "2:a run is unknown, or the runs cannot be compared"},
    footer = {"", "Example:", "  attribute --reference a100-real --simulated vidur,plumbline"})
public final class AttributeJob implements Callable<Integer> {
  private static final double NANOS_PER_MILLI = 1e6;

  @Mixin private ComparedRuns runs;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new AttributeJob(), args);
  }

  @Override
  public Integer call() {
    results.writableDir();
    Attribution attribution =
        new Attribution(SparkSessions.open("plumbline attribute"), results.dir());
    PrintWriter out = spec.commandLine().getOut();
    for (String run : runs.simulated()) {
      print(attribution.attribute(runs.reference(), run), out);
    }
    out.flush();
    return JobCommand.DONE;
  }

  private static void print(Attribution.Result result, PrintWriter out) {
    out.printf(
        "attribution %s: %s as %s, %d requests%n%n",
        result.id(), result.reference().runId(), result.simulated().runId(), result.requests());
    out.print(parts(result.parts()));
    if (result.leftOut() > 0) {
      out.printf("%n%d requests are left out: a side did not finish them.%n", result.leftOut());
    }
    if (result.regression() != null) {
      out.println();
      out.print(effects(result.regression()));
    }
    out.println();
    if (result.findings().isEmpty()) {
      out.println("Nothing found: no part is off by a percent of E2E or more.");
    }
    result.findings().forEach(f -> out.printf("%s: %s.%n", f.cause(), f.evidence()));
    out.println();
  }

  private static String parts(List<PartError> parts) {
    TextTable table =
        new TextTable(
            List.of(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT),
            List.of(
                "part", "reference ms", "simulated ms", "error ms", "mean size ms", "% of E2E"));
    for (PartError part : parts) {
      table.add(
          List.of(
              part.part(),
              millis(part.referenceNanos()),
              millis(part.simulatedNanos()),
              millis(part.errorNanos()),
              millis(part.absoluteErrorNanos()),
              "%+.2f".formatted(part.percentOfE2e())));
    }
    double percent = parts.stream().mapToDouble(PartError::percentOfE2e).sum();
    double real = parts.stream().mapToDouble(PartError::referenceNanos).sum();
    double predicted = parts.stream().mapToDouble(PartError::simulatedNanos).sum();
    table.add(
        List.of(
            "E2E",
            millis(real),
            millis(predicted),
            millis(predicted - real),
            "",
            "%+.2f".formatted(percent)));
    return table.text();
  }

  private static String effects(ErrorRegression regression) {
    TextTable table =
        new TextTable(
            List.of(Align.LEFT, Align.RIGHT, Align.RIGHT),
            List.of("E2E error goes with", "points per deviation", "t"));
    for (ErrorRegression.Effect effect : regression.effects()) {
      table.add(
          List.of(
              effect.quantity(),
              "%+.2f".formatted(effect.percentPerDeviation()),
              "%+.1f".formatted(effect.t())));
    }
    return table.text()
        + "Together they explain %.0f %% of its variance.%n"
            .formatted(100 * regression.explained());
  }

  private static String millis(double nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_MILLI);
  }
}
