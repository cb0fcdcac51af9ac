package io.plumbline.jobs.table;

import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import scala.Tuple2;

/**
 * Replaces partitions of the tables whole, through Hadoop's file systems and without a
 * SparkSession, so that a task on an executor can use it as well as a driver.
 */
public final class PartitionWriter {
  /** The one file of a partition. */
  static final String FILE = "part-0.parquet";

  /** What the names of half-written files start with. */
  static final String WRITING = "_writing-";

  private static final Duration LEFTOVER_AGE = Duration.ofDays(1);

  /** What of Spark's settings is passed on to Hadoop. */
  private static final Pattern HADOOP_SETTINGS =
      Pattern.compile("spark\\.(hadoop\\.|hive\\.|buffer\\.size)");

  private static volatile Shared shared;

  private record Shared(Map<String, String> settings, Configuration conf) {}

  private final Path resultsDir;
  private final Configuration conf;

  /**
   * @param resultsDir folder of the tables, a path or a URI of a Hadoop file system
   */
  public PartitionWriter(String resultsDir) {
    this.resultsDir = new Path(resultsDir);
    this.conf = configuration();
  }

  /**
   * The user's spark.hadoop.* settings count, e.g. the keys of an object store. All who have the
   * same settings share one, because a new one reads files of XML: do not change it.
   */
  static Configuration configuration() {
    SparkConf spark = SparkEnv.get() == null ? new SparkConf() : SparkEnv.get().conf();
    Map<String, String> settings = new HashMap<>();
    for (Tuple2<String, String> setting : spark.getAll()) {
      if (HADOOP_SETTINGS.matcher(setting._1()).lookingAt()) {
        settings.put(setting._1(), setting._2());
      }
    }
    Shared last = shared;
    if (last == null || !last.settings().equals(settings)) {
      Configuration conf = SparkHadoopUtil.get().newConfiguration(spark);
      Rename.withoutChecksumFiles(conf);
      last = new Shared(settings, conf);
      shared = last;
    }
    return last.conf();
  }

  /**
   * Writes the rows of one partition in place of what was there; without rows, only removes it. A
   * reader sees either the old file or the new one, and of two writers the later one wins.
   *
   * @param partition a value for each of the table's partition columns
   */
  public <R extends Record> void replace(Table table, List<String> partition, Iterator<R> rows) {
    if (!rows.hasNext()) {
      remove(table, partition);
      return;
    }
    try (PartitionFile<R> file = open(table, partition)) {
      while (rows.hasNext()) {
        file.write(rows.next());
      }
      file.publish();
    }
  }

  /** Opens a partition to be written row by row; until it is published the old one stays. */
  <R extends Record> PartitionFile<R> open(Table table, List<String> partition) {
    Path target = folder(table, partition);
    try {
      Path writing =
          new Publishing(conf).writing(folder(table, List.of()), String.join("-", partition));
      return new PartitionFile<>(writing, new Path(target, FILE), table, conf);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write %s".formatted(target), e);
    }
  }

  /** Removes a partition; does nothing if it is not there. */
  public void remove(Table table, List<String> partition) {
    Path target = folder(table, partition);
    try {
      FileSystem files = target.getFileSystem(conf);
      if (!files.exists(target)) {
        return;
      }
      files.delete(new Path(target, FILE), false);
      removeIfEmpty(files, target);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove %s".formatted(target), e);
    }
  }

  private static void removeIfEmpty(FileSystem files, Path folder) {
    try {
      files.delete(folder, false);
    } catch (IOException e) {
      // Another writer put its file there meanwhile; and an empty folder would do no harm.
    }
  }

  /**
   * Makes sure that the tables can be read, by looking at their folder, which need not be there.
   *
   * @throws BadInputException if they cannot
   */
  public void requireReadable() {
    try {
      FileSystem files = resultsDir.getFileSystem(conf);
      if (files.exists(resultsDir) && !files.getFileStatus(resultsDir).isDirectory()) {
        throw new IOException("it is a file");
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unusable("used", e);
    }
  }

  /**
   * Makes sure that the folder of the tables can be written, by writing into it.
   *
   * @throws BadInputException if it cannot
   */
  public void requireWritable() {
    requireReadable();
    Path probe = new Path(resultsDir, WRITING + "probe-" + UUID.randomUUID());
    try {
      FileSystem files = resultsDir.getFileSystem(conf);
      if (!files.mkdirs(resultsDir)) {
        throw new IOException("it cannot be made");
      }
      files.create(probe).close();
      files.delete(probe, false);
    } catch (IOException e) {
      throw unusable("written", e);
    }
  }

  private BadInputException unusable(String verb, Exception problem) {
    String why = String.valueOf(problem.getMessage()).lines().findFirst().orElse("");
    return new BadInputException(
        "the results folder %s cannot be %s: %s. Maybe name another one with --results."
            .formatted(resultsDir, verb, why),
        problem);
  }

  /** Removes what killed jobs left half-written, but not what may still be written. */
  public void removeLeftovers() {
    removeLeftovers("*/" + WRITING + "*");
    removeLeftovers(PackFolder.PACKS + "/*/" + WRITING + "*");
  }

  private void removeLeftovers(String glob) {
    long before = System.currentTimeMillis() - LEFTOVER_AGE.toMillis();
    Path pattern = new Path(resultsDir, glob);
    try {
      FileSystem files = pattern.getFileSystem(conf);
      FileStatus[] found = files.globStatus(pattern);
      for (FileStatus leftover : found == null ? new FileStatus[0] : found) {
        if (leftover.getModificationTime() < before) {
          files.delete(leftover.getPath(), true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove %s".formatted(pattern), e);
    }
  }

  /** Whether a partition is there. */
  public boolean exists(Table table, List<String> partition) {
    Path file = new Path(folder(table, partition), FILE);
    try {
      return file.getFileSystem(conf).exists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for %s".formatted(file), e);
    }
  }

  /** The files of a table, in no particular order. */
  List<FileStatus> files(Table table) {
    StringBuilder glob = new StringBuilder(table.tableName());
    table.partitionColumns().forEach(column -> glob.append('/').append(column).append("=*"));
    Path pattern = new Path(resultsDir, glob + "/" + FILE);
    try {
      FileStatus[] found = pattern.getFileSystem(conf).globStatus(pattern);
      return found == null ? List.of() : List.of(found);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list %s".formatted(pattern), e);
    }
  }

  Path folder(Table table, List<String> partition) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < partition.size(); i++) {
      String value = partition.get(i);
      if (!value.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
        throw new IllegalArgumentException(
            "%s \"%s\" cannot be a folder name: letters, digits and . _ - only"
                .formatted(table.partitionColumns().get(i), value));
      }
      names.add(table.partitionColumns().get(i) + "=" + value);
    }
    Path folder = new Path(resultsDir, table.tableName());
    return names.isEmpty() ? folder : new Path(folder, String.join("/", names));
  }

  Path resultsDir() {
    return resultsDir;
  }

  Configuration conf() {
    return conf;
  }
}
