package io.plumbline.jobs;

import io.plumbline.jobs.accelsim.KernelSweep;
import io.plumbline.jobs.table.SparkSessions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Simulates kernels cycle by cycle in Accel-Sim, or in our model of it. */
@Command(
    name = "accelsim",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Simulates kernel traces on GPU configurations in Accel-Sim, each kernel a process and a task"
          + " of its own, and writes kernel_timing. extern/accel-sim/bootstrap.sh builds Accel-Sim;"
          + " engine: trace_sm is our own model and needs nothing. The raw logs are kept,"
          + " compressed, in _accelsim in the results folder. What is done is not done again.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all kernels are simulated",
      "1:some are not: killed, crashed, or their logs break off; the others are in the tables",
      "2:the file is wrong, or Accel-Sim is not there"
    },
    footer = {"", "Example:", "  accelsim conf/accelsim/example.yaml"})
public final class AccelSimJob implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "Traces, configurations, overrides; docs/simulators/accel-sim.md has its form.")
  private Path file;

  @Option(names = "--force", description = "Simulate again what is done already.")
  private boolean force;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new AccelSimJob(), args);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    KernelSweep sweep = new KernelSweep(file, Home.paths(file), results.writableDir(), force);
    out.printf(
        "%d kernels, %d done already, %d to simulate.%n",
        sweep.size(), sweep.size() - sweep.left(), sweep.left());
    Map<String, String> failures = sweep.run(SparkSessions.open("plumbline accelsim"));
    PrintWriter err = spec.commandLine().getErr();
    failures.forEach((run, message) -> err.printf("%s: %s%n", run, message));
    err.flush();
    out.printf(
        "%d of %d kernels are in %s.%n",
        sweep.size() - failures.size(), sweep.size(), results.dir());
    out.flush();
    return failures.isEmpty() ? JobCommand.DONE : JobCommand.CHECK_FAILED;
  }
}
