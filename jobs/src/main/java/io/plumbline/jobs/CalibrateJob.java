package io.plumbline.jobs;

import io.plumbline.jobs.score.Calibration;
import io.plumbline.jobs.score.CalibrationCard;
import io.plumbline.jobs.score.HostCalibration;
import io.plumbline.jobs.score.LeaveOut;
import io.plumbline.jobs.score.ScoredGrids;
import io.plumbline.jobs.score.ScoredRun;
import io.plumbline.jobs.score.ScoredRuns;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fits the few terms that no profile has, for each measured run to others than it. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fits time per step, per sequence and per prompt token to measured runs. Each run gets terms"
          + " of its own, fitted to runs that leave it out; what profiles predict is not touched. Points"
          + " of grids get time per step, sequence, prompt token, layer and collective of the host.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the card is written", "2:the input is wrong"},
    footer = {
      "",
      "Example:",
      "  calibrate conf/fidelity/vllm019.yaml --leave-out run --card card.json"
    })
public final class CalibrateJob implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description = "Measured runs and what predicts them; docs/fidelity.md has the form.")
  private Path file;

  @Option(
      names = "--leave-out",
      defaultValue = "RUN",
      paramLabel = "WHAT",
      description =
          "What the fit of a run must not have seen: run (fitted to others of its device), model"
              + " (to other models on its device) or device (to other devices). Default: run.")
  private LeaveOut leaveOut;

  @Option(
      names = "--card",
      required = true,
      paramLabel = "CARD",
      description = "JSON file to write: for each run its terms and what they were fitted to.")
  private Path card;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new CalibrateJob(), args);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<ScoredRun> runs = ScoredRuns.read(file, Home.models(), Home.paths(file));
    List<CalibrationCard.Fold> folds = new ArrayList<>();
    for (ScoredRun run : runs) {
      CalibrationCard.Fold fold = Calibration.fold(run, runs, leaveOut);
      folds.add(fold);
      out.printf(
          "%s: %s%n",
          run.name(),
          fold.training().isEmpty()
              ? "nothing to fit to; the terms stay as the file has them"
              : "fitted to " + String.join(", ", fold.training()));
      out.flush();
    }
    List<CalibrationCard.HostFold> hosts =
        HostCalibration.folds(ScoredGrids.read(file, Home.models(), Home.paths(file)), leaveOut);
    for (CalibrationCard.HostFold fold : hosts) {
      out.printf(
          "%s, %s%s: %s%n",
          fold.grid(),
          fold.device(),
          fold.model() == null ? "" : ", " + fold.model(),
          fold.training().isEmpty()
              ? "nothing to fit to; the terms stay as the file has them"
              : "fitted to " + String.join("; ", fold.training()));
    }
    CalibrationCard written = CalibrationCard.of(ScoredRuns.name(file), leaveOut, folds, hosts);
    written.write(card);
    out.printf("The card is %s.%n", card);
    out.flush();
    return JobCommand.DONE;
  }
}
