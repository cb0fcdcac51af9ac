package io.plumbline.jobs;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where the tables are. */
public final class ResultsOption {
  @Option(
      names = "--results",
      paramLabel = "DIR",
      description =
          "Folder of the tables: a path or a URI of a Hadoop file system. Default:"
              + " $PLUMBLINE_HOME/results, or ./results without PLUMBLINE_HOME.")
  private String dir;

  /** The folder asked for, or the default. */
  public String dir() {
    if (dir != null) {
      return dir;
    }
    String home = System.getenv("PLUMBLINE_HOME");
    return home == null || home.isEmpty() ? "results" : home + "/results";
  }

  /** A local folder for the files of real runs: below the tables if these are on a local disk. */
  public Path runsDir() {
    String dir = dir();
    return dir.contains("://") ? Path.of("results", "runs") : Path.of(dir, "runs");
  }
}
