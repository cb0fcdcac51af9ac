package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.vidur.VidurPaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where Plumbline's own files are: cards, example configurations, the reference engine. */
public final class Home {
  private Home() {}

  /** The folder of the repository: {@code -Dplumbline.home}, PLUMBLINE_HOME, or the current one. */
  public static Path dir() {
    String property = System.getProperty("plumbline.home");
    String variable = System.getenv("PLUMBLINE_HOME");
    return Path.of(property != null ? property : variable != null ? variable : "")
        .toAbsolutePath()
        .normalize();
  }

  /** The folder of the model, device and node cards. */
  public static Path models() {
    Path models = dir().resolve("models");
    if (!Files.isDirectory(models)) {
      throw new BadInputException(
          "no folder %s with the cards. Maybe set PLUMBLINE_HOME to Plumbline's folder."
              .formatted(models));
    }
    return models;
  }

  /** The folder of other people's programs: {@code -Dplumbline.extern}, or extern below. */
  public static Path extern() {
    String property = System.getProperty("plumbline.extern");
    return property == null ? dir().resolve("extern") : Path.of(property).toAbsolutePath();
  }

  /** Where the files that a configuration names are looked for. */
  public static PathResolver paths(Path confFile) {
    Path folder = confFile.toAbsolutePath().getParent();
    return new PathResolver(List.of(folder, Path.of(""), dir()), externalRoot());
  }

  /**
   * The same, then below the folder of the tables, where profiles of this machine are.
   *
   * @param resultsDir a path, or a URI, below which nothing is looked for
   */
  public static PathResolver paths(Path confFile, String resultsDir) {
    Path folder = confFile.toAbsolutePath().getParent();
    List<Path> folders = new ArrayList<>(List.of(folder, Path.of(""), dir()));
    if (!resultsDir.contains("://")) {
      folders.add(Path.of(resultsDir));
    }
    return new PathResolver(folders, externalRoot());
  }

  /**
   * Where the files that a setup of Vidur names are looked for.
   *
   * @param setup its file; null if it came as flags
   */
  public static VidurPaths vidurPaths(Path setup) {
    return new VidurPaths(setup, dir(), externalRoot());
  }

  /** The folder of external data; null if there is none. */
  private static Path externalRoot() {
    String external = System.getenv(PathResolver.EXTERNAL_REF_ROOT);
    return external == null || external.isEmpty() ? null : Path.of(external);
  }
}
