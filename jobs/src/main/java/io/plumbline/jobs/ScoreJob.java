package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.jobs.score.CalibrationCard;
import io.plumbline.jobs.score.GridTable;
import io.plumbline.jobs.score.ScoreTable;
import io.plumbline.jobs.score.ScoredGrids;
import io.plumbline.jobs.score.ScoredPoint;
import io.plumbline.jobs.score.ScoredRun;
import io.plumbline.jobs.score.ScoredRuns;
import io.plumbline.jobs.score.ScoredSilicon;
import io.plumbline.jobs.score.ScoredSteps;
import io.plumbline.jobs.score.SiliconTable;
import io.plumbline.jobs.score.SwapTable;
import io.plumbline.jobs.score.Swaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Predicts measured runs and says how far off the predictions are. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Simulates measured runs and prints how far off TTFT, TPOT and E2E are, as tables in Markdown:"
          + " runs request by request, grids of points by percentiles, logged iterations one by one,"
          + " points of a closed loop by TTFT and TPOT. Times of runs count from the"
          + " engine's queue on both sides.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:scored", "2:the input is wrong, every problem is listed with its place"},
    footer = {
      "",
      "Examples:",
      "  score conf/fidelity/vllm019.yaml",
      "  score conf/fidelity/vllm019.yaml --card conf/fidelity/vllm019-leave-one-run-out.json",
      "  score conf/fidelity/vllm019.yaml --predictor roofline",
      "  score conf/fidelity/vllm019.yaml --swap"
    })
public final class ScoreJob implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description = "Measured runs and what predicts them; docs/fidelity.md has the form.")
  private Path file;

  @Option(
      names = "--card",
      paramLabel = "CARD",
      description = "Terms that calibrate fitted; each run is predicted with those of its fold.")
  private Path card;

  @Option(
      names = "--points",
      paramLabel = "CSV",
      description =
          "File to write: each point of the grids or of a closed loop, measured and predicted.")
  private Path pointsFile;

  @Option(
      names = "--swap",
      description =
          "Predict each run again with decodes, prefills or both as long as measured in the median, and say what that leaves of the error.")
  private boolean swap;

  @Option(
      names = "--predictor",
      paramLabel = "YAML",
      description =
          "Predict everything with this instead, e.g. roofline or '{kind: roofline, attention_efficiency: 0.7}'. Not with --card.")
  private String predictorText;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new ScoreJob(), args);
  }

  @Override
  public Integer call() {
    if (card != null && predictorText != null) {
      throw new BadInputException(
          "--predictor %s: the card's terms are those of the file's predictor. Maybe leave --card out."
              .formatted(predictorText));
    }
    ConfNode predictor =
        predictorText == null
            ? null
            : ConfNode.parse("--predictor", "predictor: " + predictorText).get("predictor");
    List<ScoredRun> runs = ScoredRuns.read(file, predictor, Home.models(), Home.paths(file));
    List<ScoredPoint> points =
        ScoredGrids.read(file, predictor, Home.models(), Home.paths(file)).points();
    if (card != null) {
      CalibrationCard terms = CalibrationCard.read(card);
      runs = terms.apply(runs);
      points = terms.applyToPoints(points);
    }
    if (!runs.isEmpty()) {
      scoreRuns(runs);
    }
    if (!points.isEmpty()) {
      GridTable table = GridTable.of(points);
      spec.commandLine().getOut().print(table.markdown());
      write(table.csv());
    }
    scoreSteps(predictor);
    scoreSilicon(predictor);
    spec.commandLine().getOut().flush();
    return JobCommand.DONE;
  }

  private void scoreSteps(ConfNode predictor) {
    List<ScoredSteps> steps = ScoredSteps.read(file, predictor, Home.models(), Home.paths(file));
    if (!steps.isEmpty()) {
      spec.commandLine().getOut().print(ScoredSteps.markdown(steps));
    }
  }

  private void scoreSilicon(ConfNode predictor) {
    List<ScoredSilicon> silicon =
        ScoredSilicon.read(file, predictor, Home.models(), Home.paths(file));
    if (!silicon.isEmpty()) {
      SiliconTable table = SiliconTable.of(silicon);
      spec.commandLine().getOut().print(table.markdown());
      write(table.csv());
    }
  }

  private void scoreRuns(List<ScoredRun> runs) {
    List<ScoreTable.Row> rows = new ArrayList<>();
    for (ScoredRun run : runs) {
      if (run.isHere()) {
        rows.add(ScoreTable.Row.of(run, run.score()));
      } else {
        spec.commandLine()
            .getErr()
            .printf("%s: not scored, as its folder is not here.%n", run.name());
      }
    }
    spec.commandLine().getOut().print(ScoreTable.markdown(rows));
    if (swap) {
      spec.commandLine()
          .getOut()
          .print(
              "\n"
                  + SwapTable.markdown(
                      runs.stream().filter(ScoredRun::isHere).map(Swaps::of).toList()));
    }
  }

  private void write(String csv) {
    if (pointsFile == null) {
      return;
    }
    try {
      Files.writeString(pointsFile, csv);
    } catch (IOException e) {
      throw new BadInputException(
          "cannot write the points %s: %s".formatted(pointsFile, e.getMessage()));
    }
  }
}
