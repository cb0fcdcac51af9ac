package io.plumbline.jobs.score;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.Names;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.simulator.latency.LaunchTerms;
import io.plumbline.simulator.latency.StepTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Terms fitted to measured runs, and to which ones: never to the run that they predict.
 *
 * @param name of the file of runs
 * @param leaveOut run, model or device
 * @param folds by run, in the order of the file
 * @param hosts by grid and device, perhaps by model
 */
public record CalibrationCard(
    String name, String leaveOut, List<Fold> folds, List<HostFold> hosts) {

  /** Cards without grids. */
  public static Map<String, Object> defaultValues() {
    return Map.of("hosts", List.of());
  }

  /**
   * What predicts one run.
   *
   * @param run the run that was left out
   * @param training the runs that were fitted; if there are none the terms are those of the file
   * @param errorBefore sum of the mean errors of TTFT, TPOT and E2E over the training runs, in
   *     percent, with the terms of the file; null without training runs
   * @param errorAfter likewise, with these terms
   */
  public record Fold(
      String run,
      List<String> training,
      StepTerms host,
      StepTerms unprofiled,
      Double errorBefore,
      Double errorAfter) {}

  /**
   * What predicts the points of a device.
   *
   * @param model null for all models
   * @param training the points that were fitted, counted by device and model
   * @param errorBefore mean error of the P50 of TTFT, TBT and E2E over the training points, in
   *     percent, with the terms of the file; null without training points
   * @param errorAfter likewise, with these terms
   */
  public record HostFold(
      String grid,
      String device,
      String model,
      List<String> training,
      StepTerms host,
      LaunchTerms launch,
      Double errorBefore,
      Double errorAfter) {

    /** Terms for all models. */
    public static Map<String, Object> defaultValues() {
      Map<String, Object> values = new HashMap<>();
      values.put("model", null);
      return values;
    }

    private boolean predicts(ScoredPoint point) {
      return grid.equals(point.grid())
          && device.equals(point.device())
          && (model == null || model.equals(point.model()));
    }
  }

  /** A card of some folds. */
  public static CalibrationCard of(
      String name, LeaveOut leaveOut, List<Fold> folds, List<HostFold> hosts) {
    return new CalibrationCard(name, Names.constant(leaveOut), folds, hosts);
  }

  /** Reads a card that was written. */
  public static CalibrationCard read(Path file) {
    return RecordBinder.bind(ConfNode.read(file), CalibrationCard.class);
  }

  /** Writes the card. */
  public void write(Path file) {
    try {
      Files.writeString(file, Json.pretty(this) + "\n");
    } catch (IOException e) {
      throw new BadInputException("cannot write the card %s: %s".formatted(file, e.getMessage()));
    }
  }

  /**
   * The runs, each with the terms of its fold.
   *
   * @throws BadInputException if a run has none
   */
  public List<ScoredRun> apply(List<ScoredRun> runs) {
    return runs.stream().map(this::apply).toList();
  }

  private ScoredRun apply(ScoredRun run) {
    for (Fold fold : folds) {
      if (fold.run().equals(run.name())) {
        return run.with(fold.host(), fold.unprofiled());
      }
    }
    throw new BadInputException(
        "the card of %s has no fold for the run %s. Maybe calibrate again."
            .formatted(name, run.name()));
  }

  /**
   * The points, each with the terms of its device and model.
   *
   * @throws BadInputException if a point has none
   */
  public List<ScoredPoint> applyToPoints(List<ScoredPoint> points) {
    return points.stream().map(this::apply).toList();
  }

  private ScoredPoint apply(ScoredPoint point) {
    for (HostFold fold : hosts) {
      if (fold.predicts(point)) {
        return point.with(HostCalibration.hostBound(point).onHost(fold.host(), fold.launch()));
      }
    }
    throw new BadInputException(
        "the card of %s has no terms for %s on %s of the grid %s. Maybe calibrate again."
            .formatted(name, point.model(), point.device(), point.grid()));
  }
}
