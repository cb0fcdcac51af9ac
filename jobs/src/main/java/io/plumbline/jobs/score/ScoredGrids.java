package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.workload.PathResolver;
import java.nio.file.Path;
import java.util.List;

/**
 * The grids of a file of measured runs, with everything that predicts their points.
 *
 * @param points of all grids, in the order of their source
 * @param absent devices of the file that have no points here
 */
public record ScoredGrids(List<ScoredPoint> points, List<AbsentDevice> absent) {

  /**
   * A device that others may have points of.
   *
   * @param device name of its card
   */
  record AbsentDevice(String grid, String device) {}

  /**
   * Reads and checks the grids of a file.
   *
   * @param modelsDir folder of the cards
   * @throws io.plumbline.files.BadInputException listing every problem with its place
   */
  public static ScoredGrids read(Path file, Path modelsDir, PathResolver paths) {
    return read(file, null, modelsDir, paths);
  }

  /**
   * The same with another predictor.
   *
   * @param predictor as a file states it; null for the file's own
   */
  public static ScoredGrids read(
      Path file, ConfNode predictor, Path modelsDir, PathResolver paths) {
    ScoreFile conf = ScoreFile.read(file, predictor);
    Problems problems = new Problems();
    GridReader reader = new GridReader(modelsDir, paths, problems);
    conf.grids().forEach(reader::add);
    problems.throwIfAny(file.toString());
    return reader.grids();
  }
}
