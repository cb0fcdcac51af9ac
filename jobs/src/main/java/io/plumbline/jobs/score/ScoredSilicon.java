package io.plumbline.jobs.score;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.sweep.PointResolver;
import io.plumbline.simulator.LoopTimes;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Points of a closed loop, and what predicts them.
 *
 * @param points that can be predicted
 * @param unpredicted how many cannot, by engine, system and reason
 */
public record ScoredSilicon(String name, List<Point> points, Map<String, Integer> unpredicted) {

  /** A measured point with its prediction still to come. */
  record Point(
      SiliconPoint measured,
      SimulationSpec spec,
      Workload workload,
      ExecutionTimePredictor predictor) {

    /** Predicted means over the requests. */
    Prediction predict() {
      LoopTimes times = Simulator.closedLoop(spec, workload, measured.inFlight(), predictor);
      return new Prediction(
          mean(times.ttftSeconds()) * 1e3,
          mean(times.tpotSeconds()) * 1e3,
          times.extrapolatedFraction());
    }

    private static double mean(double[] seconds) {
      return Arrays.stream(seconds).filter(Double::isFinite).average().orElse(Double.NaN);
    }
  }

  /** What the simulator says of a point. */
  record Prediction(double ttftMs, double tpotMs, double extrapolatedFraction) {}

  /**
   * Reads and checks the points of a file.
   *
   * @param modelsDir folder of the cards
   * @throws BadInputException listing every problem with its place
   */
  public static List<ScoredSilicon> read(Path file, Path modelsDir, PathResolver paths) {
    return read(file, null, modelsDir, paths);
  }

  /**
   * The same with another predictor.
   *
   * @param predictor as a file states it; null for the file's own
   */
  public static List<ScoredSilicon> read(
      Path file, ConfNode predictor, Path modelsDir, PathResolver paths) {
    ScoreFile conf = ScoreFile.read(file, predictor);
    List<ScoredSilicon> all = new ArrayList<>();
    for (ScoreFile.Silicon entry : conf.silicon()) {
      all.add(new Reader(entry, modelsDir, paths).read());
    }
    return all;
  }

  /** Turns the points of one entry into specifications. */
  private static final class Reader {
    private final ScoreFile.Silicon entry;
    private final Path modelsDir;
    private final PathResolver paths;
    private final List<Point> points = new ArrayList<>();
    private final Map<String, Integer> unpredicted = new TreeMap<>();
    private PredictorsOfPoints predictors;

    Reader(ScoreFile.Silicon entry, Path modelsDir, PathResolver paths) {
      this.entry = entry;
      this.modelsDir = modelsDir;
      this.paths = paths;
    }

    ScoredSilicon read() {
      for (SiliconPoint measured : SiliconPoint.read(paths.resolve(entry.file()))) {
        String reason = add(measured);
        if (reason != null) {
          unpredicted.merge(
              "%s | %s | %s".formatted(measured.backend(), measured.system(), reason),
              1,
              Integer::sum);
        }
      }
      return new ScoredSilicon(entry.name(), points, unpredicted);
    }

    /** Null, or why a point cannot be predicted. */
    private String add(SiliconPoint measured) {
      ScoreFile.CalledModel model = model(measured);
      if (model == null) {
        return "no model of that name in the file of runs";
      }
      if (measured.disaggregated() || measured.tensor() == null || measured.inFlight() == null) {
        return "disaggregated";
      }
      if (measured.attentionReplicas() > 1) {
        return "attention in several replicas";
      }
      Problems problems = new Problems();
      PointResolver resolver = new PointResolver(modelsDir, paths, problems);
      ConfNode tree =
          entry
              .simulate()
              .overlay(model.simulate())
              .overlay(SiliconConf.of(measured, entry, model));
      try {
        PointResolver.Resolved point = resolver.resolve(tree);
        problems.throwIfAny(measured.id());
        if (predictors == null) {
          predictors = new PredictorsOfPoints(paths, resolver.cards());
        }
        ExecutionTimePredictor predictor =
            predictors.of(point.spec(), Simulator.tableLimits(point.spec(), point.workload()));
        points.add(new Point(measured, point.spec(), point.workload(), predictor));
        return null;
      } catch (BadInputException | IllegalArgumentException e) {
        return reason(e.getMessage());
      }
    }

    /** The last line of a list of problems, without its place, folder and hint. */
    private static String reason(String message) {
      String last = message.strip().substring(message.strip().lastIndexOf('\n') + 1);
      String what = last.replaceFirst("^\\s*\\S+:\\d+: (\\w+: )?", "").replaceFirst("\\. .*", "");
      return what.replaceFirst(" in /.*", "").strip();
    }

    private ScoreFile.CalledModel model(SiliconPoint measured) {
      for (ScoreFile.CalledModel model : entry.models()) {
        if (model.isOf(measured)) {
          return model;
        }
      }
      return null;
    }
  }
}
