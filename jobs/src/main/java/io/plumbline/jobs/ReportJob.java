package io.plumbline.jobs;

import io.plumbline.jobs.report.Report;
import io.plumbline.jobs.table.SparkSessions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the results for people. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes report.md and report.html on comparisons and sweeps. The page is one file that works"
          + " offline.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:written", "2:a comparison or sweep is unknown"},
    footer = {"", "Example:", "  report --comparison all --out results/report"})
public final class ReportJob implements Callable<Integer> {
  private static final String ALL = "all";

  @Option(
      names = "--comparison",
      split = ",",
      defaultValue = ALL,
      paramLabel = "ID",
      description =
          "Comparisons to show, by the first letters of their ids, or all. Default:"
              + " ${DEFAULT-VALUE}.")
  private List<String> comparisons;

  @Option(
      names = "--sweep",
      split = ",",
      defaultValue = ALL,
      paramLabel = "NAME",
      description = "Sweeps to show, or all. Default: ${DEFAULT-VALUE}.")
  private List<String> sweeps;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the two files. Default: report in the folder of the tables.")
  private Path out;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new ReportJob(), args);
  }

  @Override
  public Integer call() {
    results.readableDir();
    String written =
        Report.write(
            SparkSessions.open("plumbline report"),
            results.dir(),
            comparisons.contains(ALL) ? List.of() : comparisons,
            sweeps.contains(ALL) ? List.of() : sweeps,
            out == null ? Path.of(results.dir(), "report") : out);
    spec.commandLine().getOut().println(written);
    return JobCommand.DONE;
  }
}
