package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.bench.BenchReport;
import io.plumbline.jobs.sweep.SweepPlanner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says how fast the simulator is; uses no Spark and writes no tables. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Simulates the points of sweep files and says how fast: requests, iterations and requests of"
          + " iterations per second of CPU time, and bytes per request.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "2:a file or an option is wrong"},
    footer = {
      "",
      "Examples:",
      "  bench conf/bench/qwen3-14b-h100.yaml",
      "  bench conf/bench/vidur-arxiv.yaml --tables vidur-tables/codellama"
    })
public final class BenchJob implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Sweep files; conf/bench has some. What they record is recorded.")
  private List<Path> files;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "3",
      description = "Timed runs of each point, of which the median counts. Default: 3.")
  private int repeats;

  @Option(
      names = "--tables",
      paramLabel = "DIR",
      description =
          "Operator times as Vidur wrote them down, OPERATOR.csv, for points with a predictor that"
              + " adds up operators.")
  private Path tables;

  @Spec private CommandSpec spec;

  /** Runs the job alone. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new BenchJob(), args);
  }

  @Override
  public Integer call() {
    if (repeats < 1) {
      throw new BadInputException("--repeats (%d) must be positive".formatted(repeats));
    }
    if (tables != null && !Files.isDirectory(tables)) {
      throw new BadInputException("no such folder: " + tables);
    }
    BenchReport report = new BenchReport(spec.commandLine().getOut());
    for (Path file : files) {
      report.run(
          SweepPlanner.plan(file, Home.models(), Home.paths(file, "results")), tables, repeats);
    }
    return JobCommand.DONE;
  }
}
