package io.plumbline.jobs;

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
}
