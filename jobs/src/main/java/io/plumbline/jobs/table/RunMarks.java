package io.plumbline.jobs.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Empty files that say which runs are being made: one whose process died leaves its mark. {@code
 * packs/running/RUN_ID.N} is the N-th that a run left.
 */
public final class RunMarks {
  static final String FOLDER = PackFolder.PACKS + "/running";

  private final Path folder;
  private final Configuration conf;

  /**
   * The marks of a results folder.
   *
   * @param resultsDir folder of the tables, a path or a URI of a Hadoop file system
   */
  public RunMarks(String resultsDir) {
    this.folder = new Path(resultsDir, FOLDER);
    this.conf = PartitionWriter.configuration();
  }

  /** How many marks each run has; a run without one is not in it. */
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new HashMap<>();
    try {
      for (FileStatus file : folder.getFileSystem(conf).listStatus(folder)) {
        String name = file.getPath().getName();
        counts.merge(name.substring(0, Math.max(0, name.lastIndexOf('.'))), 1, Integer::sum);
      }
    } catch (FileNotFoundException e) {
      return Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list %s".formatted(folder), e);
    }
    return counts;
  }

  /** Sets the n-th mark of a run. */
  public void set(String runId, int n) {
    Path file = file(runId, n);
    try {
      file.getFileSystem(conf).create(file, true).close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write %s".formatted(file), e);
    }
  }

  /** Removes the marks of a run up to the n-th. */
  public void clear(String runId, int n) {
    try {
      FileSystem files = folder.getFileSystem(conf);
      for (int i = 1; i <= n; i++) {
        files.delete(file(runId, i), false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove %s".formatted(file(runId, n)), e);
    }
  }

  private Path file(String runId, int n) {
    return new Path(folder, runId + "." + n);
  }
}
