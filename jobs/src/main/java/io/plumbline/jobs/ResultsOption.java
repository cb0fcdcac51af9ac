package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.PartitionWriter;
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

  /**
   * The folder, made and found to be writable; what killed jobs left in it is removed.
   *
   * @throws BadInputException if it cannot be written
   */
  public String writableDir() {
    PartitionWriter writer = tables();
    writer.requireWritable();
    writer.removeLeftovers();
    return dir();
  }

  /**
   * The folder, which need not be there.
   *
   * @throws BadInputException if it cannot be read
   */
  public String readableDir() {
    tables().requireReadable();
    return dir();
  }

  /** The folder of trained models: below the tables, of which it is none. */
  public String trainedDir() {
    return dir() + "/_trained";
  }

  private PartitionWriter tables() {
    try {
      return new PartitionWriter(dir());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "--results (%s) names no folder: %s".formatted(dir(), e.getMessage()), e);
    }
  }

  /** The option as it has to be given again to mean the same folder, with a space before it. */
  public String asGiven() {
    if (dir == null) {
      return "";
    }
    boolean plain = dir.matches("[A-Za-z0-9._/:@%+=,-]+");
    return " --results " + (plain ? dir : "'" + dir.replace("'", "'\\''") + "'");
  }

  /** A local folder for profiles, likewise. */
  public Path profilesDir() {
    return runsDir().resolveSibling("profiles");
  }

  /** A local folder for the files of real runs: below the tables if these are on a local disk. */
  public Path runsDir() {
    String dir = dir();
    return dir.contains("://") ? Path.of("results", "runs") : Path.of(dir, "runs");
  }
}
