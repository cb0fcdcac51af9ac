package io.plumbline.jobs;

import io.plumbline.jobs.measure.Measurement;
import io.plumbline.trace.run.RunManifest;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a workload on this machine. */
@Command(
    name = "measure",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Serves a workload for real on this machine through DJL's PyTorch engine, on its GPU if"
          + " there is one and else on its CPU, and writes the run into the tables.",
      "Weights are random with a fixed seed: the time of a forward pass does not depend on them."
          + " Every call is a new run, because a measurement is an event.",
      "The build brings PyTorch for CPUs. For a GPU, set PYTORCH_LIBRARY_PATH to the libraries of a"
          + " CUDA build of PyTorch 2.7.1.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the run is in the tables", "2:the file is wrong"},
    footer = {"", "Example:", "  measure conf/measure/tiny-cpu.yaml"})
public final class MeasureJob implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The run; conf/README.md has its form.")
  private Path file;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new MeasureJob(), args);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Measurement measurement = Measurement.read(file, Home.dir(), Home.paths(file));
    RunManifest run = measurement.run(results.runsDir(), results.writableDir(), measurement.name());
    out.printf(
        "Measured %d requests on %s: run %s, label %s. Results are in %s.%n",
        measurement.workload().size(),
        run.device(),
        run.runId(),
        measurement.name(),
        results.dir());
    return JobCommand.DONE;
  }
}
