package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.workload.PathResolver;
import java.nio.file.Path;
import java.util.List;

/** The measured runs of a file of {@code score}, for those who predict them in their own way. */
public final class MeasuredEntries {
  private MeasuredEntries() {}

  /**
   * A measured run.
   *
   * @param name how it is called in tables
   * @param simulate the point of a sweep that predicts it
   * @param isHere whether the folder of the measured run is here
   */
  public record Entry(String name, ConfNode simulate, boolean isHere) {}

  /**
   * Reads the runs of a file.
   *
   * @param predictor what predicts all of them instead, as a file states it; null for the file's
   *     own
   * @throws io.plumbline.files.BadInputException listing every problem with its place
   */
  public static List<Entry> read(Path file, ConfNode predictor, PathResolver paths) {
    return ScoreFile.read(file, predictor).runs().stream()
        .map(entry -> new Entry(entry.name(), entry.simulate(), ScoredRuns.isHere(entry, paths)))
        .toList();
  }
}
