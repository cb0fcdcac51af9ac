package io.plumbline.jobs.score;

import io.plumbline.files.BadInputException;
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
   * @param card terms that {@code calibrate} fitted, each run's those of its fold; null for those
   *     of the predictor
   * @throws BadInputException listing every problem with its place
   */
  public static List<Entry> read(Path file, ConfNode predictor, Path card, PathResolver paths) {
    ConfNode folds = card == null ? null : ConfNode.read(card).get("folds");
    return ScoreFile.read(file, predictor).runs().stream()
        .map(
            entry ->
                new Entry(
                    entry.name(),
                    folds == null ? entry.simulate() : withTerms(entry, folds, card),
                    ScoredRuns.isHere(entry, paths)))
        .toList();
  }

  private static ConfNode withTerms(ScoreFile.Entry entry, ConfNode folds, Path card) {
    for (ConfNode fold : folds.items()) {
      if (fold.get("run").text().equals(entry.name())) {
        ConfNode predictor =
            entry
                .simulate()
                .get("predictor")
                .with("host", fold.get("host"))
                .with("unprofiled", fold.get("unprofiled"));
        return entry.simulate().with("predictor", predictor);
      }
    }
    throw new BadInputException(
        "%s has no fold for the run %s. Maybe calibrate again.".formatted(card, entry.name()));
  }
}
