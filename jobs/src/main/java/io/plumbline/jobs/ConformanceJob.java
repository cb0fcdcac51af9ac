package io.plumbline.jobs;

import io.plumbline.jobs.conformance.AccelSimConformance;
import io.plumbline.jobs.conformance.CompassConformance;
import io.plumbline.jobs.conformance.ReallmConformance;
import io.plumbline.jobs.conformance.VidurConformance;
import io.plumbline.jobs.conformance.VllmV1Conformance;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays recorded runs of an original and says how far Plumbline is from it. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Replays recorded runs of an original and compares everything that it wrote down: of Vidur"
          + " requests, batches, stages and metrics (docs/vidur.md), of vLLM v1's scheduler what each"
          + " step scheduled (docs/vllm-v1.md), of LLMCompass operators, blocks, areas and costs"
          + " (docs/llmcompass.md), of ReaLLM times of iterations (docs/reallm.md), of Accel-Sim the cycles of kernels (docs/trace-sm.md).",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no case failed",
      "1:a case failed; its first difference is printed",
      "2:the cases cannot be read; the message says where"
    },
    footer = {
      "",
      "Examples:",
      "  conformance vidur recorded/vidur",
      "  conformance vidur recorded/vidur --tables own",
      "  conformance vllm-v1 conf/conformance/vllm-v1",
      "  conformance accelsim recorded/accelsim",
      "  conformance llmcompass recorded/llmcompass",
      "  conformance reallm recorded/reallm"
    })
public final class ConformanceJob implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "The original. One of: ${COMPLETION-CANDIDATES}.")
  private ConformanceKind kind;

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "A folder of recorded runs, or one recorded run.")
  private Path dir;

  @Option(
      names = "--tables",
      paramLabel = "WHOSE",
      defaultValue = "golden",
      description =
          "vidur: whose predictions the runs use: golden, those that the original wrote down (all must be"
              + " equal), or own, those learned here from the same profiles (request times must be"
              + " near). Default: ${DEFAULT-VALUE}.")
  private VidurConformance.Tables tables;

  @Option(
      names = "--write",
      paramLabel = "FOLDER",
      description = "vllm-v1: writes the ledger of our own of every case there.")
  private Path writeTo;

  @Spec private CommandSpec spec;

  /** Runs the job alone. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new ConformanceJob(), args);
  }

  @Override
  public Integer call() {
    boolean passed =
        switch (kind) {
          case VIDUR ->
              new VidurConformance(
                      tables,
                      Home.models(),
                      Home::vidurPaths,
                      Home.paths(dir),
                      spec.commandLine().getOut())
                  .run(dir);
          case ACCELSIM -> new AccelSimConformance(spec.commandLine().getOut()).run(dir);
          case VLLM_V1 -> new VllmV1Conformance(writeTo, spec.commandLine().getOut()).run(dir);
          case LLMCOMPASS -> new CompassConformance(spec.commandLine().getOut()).run(dir);
          case REALLM -> new ReallmConformance(spec.commandLine().getOut()).run(dir);
        };
    return passed ? JobCommand.DONE : JobCommand.CHECK_FAILED;
  }
}
