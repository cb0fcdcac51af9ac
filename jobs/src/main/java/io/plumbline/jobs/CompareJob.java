package io.plumbline.jobs;

import io.plumbline.jobs.error.Comparison;
import io.plumbline.jobs.error.PartialRequests;
import io.plumbline.jobs.error.Thresholds;
import io.plumbline.jobs.report.SummaryTable;
import io.plumbline.jobs.table.ErrorSummaryRow;
import io.plumbline.jobs.table.RunRow;
import io.plumbline.jobs.table.SparkSessions;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares simulated runs with the run they should have predicted. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares simulated runs with a reference run of the same workload, request by request.",
      "",
      "A RUN is a run id, a label, or the first letters of a run id. Results go to the tables"
          + " request_error and error_summary; asking again replaces them.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:compared",
      "1:--check was given and a verdict is FAIL",
      "2:a run is unknown, or the runs cannot be compared"
    },
    footer = {
      "",
      "Example:",
      "  compare --reference a100-real --simulated vidur,plumbline --check"
    })
public final class CompareJob implements Callable<Integer> {
  @Mixin private ComparedRuns runs;

  @Option(
      names = "--pass",
      defaultValue = "5",
      paramLabel = "PERCENT",
      description = "Largest error that passes, in percent. Default: ${DEFAULT-VALUE}.")
  private double passPercent;

  @Option(
      names = "--warn",
      defaultValue = "9",
      paramLabel = "PERCENT",
      description = "Largest error that only warns, in percent. Default: ${DEFAULT-VALUE}.")
  private double warnPercent;

  @Option(
      names = "--allow-partial",
      description =
          "Leave out requests that a side did not finish, on both sides, instead of refusing.")
  private boolean allowPartial;

  @Option(names = "--check", description = "Exit with 1 if any verdict is FAIL.")
  private boolean check;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new CompareJob(), args);
  }

  @Override
  public Integer call() {
    results.writableDir();
    Comparison.Result result =
        new Comparison(
                SparkSessions.open("plumbline compare"),
                results.dir(),
                new Thresholds(passPercent, warnPercent),
                allowPartial ? PartialRequests.DROP : PartialRequests.REFUSE)
            .compare(runs.reference(), runs.simulated());
    print(result, spec.commandLine().getOut());
    return check && result.hasFailure() ? JobCommand.CHECK_FAILED : JobCommand.DONE;
  }

  private static void print(Comparison.Result result, PrintWriter out) {
    for (RunRow run : result.simulated()) {
      List<ErrorSummaryRow> rows =
          result.summary().stream()
              .filter(row -> row.simulatedRunId().equals(run.runId()))
              .toList();
      out.printf("comparison  %s%n", rows.get(0).comparisonId());
      out.printf("reference   %s%n", describe(result.reference()));
      out.printf("simulated   %s%n%n", describe(run));
      out.print(SummaryTable.text(rows));
      out.printf(
          "%nPASS up to %s %%, WARN up to %s %%, FAIL above.%n%n",
          plain(rows.get(0).passPercent()), plain(rows.get(0).warnPercent()));
    }
    result.notes().forEach(out::println);
    out.flush();
  }

  private static String describe(RunRow run) {
    return Stream.of(
            run.runId(), run.label(), run.origin(), run.engine(), run.model(), run.device())
        .filter(Objects::nonNull)
        .collect(Collectors.joining("  "));
  }

  private static String plain(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }
}
