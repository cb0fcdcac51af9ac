package io.plumbline.jobs;

import io.plumbline.files.run.RunFolder;
import io.plumbline.jobs.measure.Measurement;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a workload on a real engine: on this machine, or on a server. */
@Command(
    name = "measure",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Serves a workload for real and writes the run into the tables. The engine is either of",
      "  djl_pytorch  continuous batching over DJL's PyTorch on this machine, on its GPU if there is"
          + " one and else on its CPU, with random weights or a model's own (docs/engine.md)",
      "  openai       a server that speaks OpenAI's API, e.g. vLLM, SGLang, TensorRT-LLM or"
          + " llama.cpp, open loop (docs/measuring.md)",
      "Every call makes new runs, as many as the file says, because a measurement is an event.",
      "The build brings PyTorch for CPUs. For a GPU, set PYTORCH_LIBRARY_PATH to the libraries of a"
          + " CUDA build of PyTorch 2.7.1.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the run is in the tables, with the requests that failed, if any",
      "2:the file is wrong, or the server is not there or does not serve the model"
    },
    footer = {
      "",
      "Examples:",
      "  measure conf/measure/tiny-cpu.yaml",
      "  measure conf/measure/openai-endpoint.yaml",
      "  measure conf/measure/tiny-cpu.yaml --archive decoder.pt"
    })
public final class MeasureJob implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The run; conf/README.md has its form.")
  private Path file;

  @Option(
      names = "--archive",
      paramLabel = "FILE",
      description = {
        "Measure nothing: write the engine's decoder of the file's model as TorchScript, without"
            + " weights. extern/gpu-kit runs it where there is Python and no JVM."
      })
  private Path archive;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new MeasureJob(), args);
  }

  @Override
  public Integer call() {
    Measurement measurement = Measurement.read(file, Home.dir(), Home.paths(file));
    if (archive != null) {
      measurement.writeArchive(archive);
      spec.commandLine().getOut().printf("Wrote %s.%n", archive);
      spec.commandLine().getOut().flush();
      return JobCommand.DONE;
    }
    String label = measurement.name();
    measurement.run(
        results.runsDir(),
        results.writableDir(),
        label,
        (run, repeat) -> say(run, repeat == null ? label : label + "-" + repeat));
    return JobCommand.DONE;
  }

  private void say(RunFolder.LoadedRun run, String label) {
    PrintWriter out = spec.commandLine().getOut();
    RunManifest manifest = run.manifest();
    RunTrace trace = run.trace();
    out.printf(
        "Measured %d requests on %s: run %s, label %s. Results are in %s.%n",
        trace.requests().size(),
        manifest.device() == null ? manifest.engine() : manifest.device(),
        manifest.runId(),
        label,
        results.dir());
    int completed = trace.count(RequestOutcome.COMPLETED);
    if (completed < trace.requests().size()) {
      out.printf(
          "%d completed, %d were rejected, %d failed: SELECT request_id, error FROM request_attempt"
              + " WHERE run_id = '%s' AND error IS NOT NULL%n",
          completed,
          trace.count(RequestOutcome.REJECTED),
          trace.count(RequestOutcome.FAILED),
          manifest.runId());
    }
    out.flush();
  }
}
