package io.plumbline.jobs.table;

import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes many runs into one file per table. Nothing of a pack is seen before it is published; then
 * all of it is, because readers begin with its manifest, which is written last ({@code
 * docs/decisions/0011-packs-of-runs.md}).
 */
public final class PackWriter implements AutoCloseable {
  /** A writer keeps as much in memory in each table before it goes to disk. */
  static final long ROW_GROUP_BYTES = 16L << 20;

  private final PackFolder folder;
  private final Configuration conf;
  private final String job;
  private final String name = PackFolder.newName();
  private final Map<Table, PartitionFile<Record>> files = new EnumMap<>(Table.class);
  private final Map<Table, Long> rows = new EnumMap<>(Table.class);
  private final Map<Kind, List<String>> runs = new LinkedHashMap<>();
  private final Map<String, Long> overFolders = new LinkedHashMap<>();
  private int size;

  private record Kind(String origin, String recording, String outcome, int attempts) {}

  /**
   * Opens a pack.
   *
   * @param resultsDir folder of the tables, a path or a URI of a Hadoop file system
   * @param job what writes it, for {@link RunIndex}
   */
  public PackWriter(String resultsDir, String job) {
    this(new PartitionWriter(resultsDir), job);
  }

  PackWriter(PartitionWriter partitions, String job) {
    this.conf = partitions.conf();
    this.folder = new PackFolder(partitions.resultsDir(), conf);
    this.job = job;
  }

  /** Adds a run. */
  public void add(RunManifest run, RunTrace trace, RunTags tags) {
    for (Table table : RunRows.TABLES) {
      Iterator<? extends Record> of = RunRows.of(table, run, trace);
      while (of.hasNext()) {
        write(table, of.next());
      }
    }
    add(RunRow.of(run, trace, tags), 0);
  }

  /**
   * Adds a run that broke.
   *
   * @param requests of its workload
   * @param attempts how often it broke in all
   */
  public void addFailed(RunManifest run, int requests, RunTags tags, String message, int attempts) {
    add(RunRow.failed(run, requests, tags, message), attempts);
  }

  /** Adds the row of a run whose other rows are added by themselves. */
  void add(RunRow run, int attempts) {
    write(Table.RUN, run);
    runs.computeIfAbsent(
            new Kind(run.origin(), run.recording(), run.outcome(), attempts),
            kind -> new ArrayList<>())
        .add(run.runId());
    size++;
  }

  /** Adds a row to one of the tables of a run. */
  void write(Table table, Record row) {
    files.computeIfAbsent(table, this::open).write(row);
    rows.merge(table, 1L, Long::sum);
  }

  private PartitionFile<Record> open(Table table) {
    try {
      Path writing = new Publishing(conf).writing(folder.tableFolder(table), name);
      return PartitionFile.withAllColumns(
          writing, folder.file(table, name), table, ROW_GROUP_BYTES, conf);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write %s".formatted(folder.tableFolder(table)), e);
    }
  }

  /**
   * Lets a run of this pack count instead of the one in a folder of its own.
   *
   * @param writtenMillis when that was written; one that is written later counts again
   */
  public void takeOver(String origin, String runId, long writtenMillis) {
    overFolders.put(origin + "/" + runId, writtenMillis);
  }

  /** Runs in it so far. */
  public int size() {
    return size;
  }

  /** Makes all of it visible, in one step. A pack without runs is dropped instead. */
  public void publish() {
    publish(List.of());
  }

  /** The same, in place of other packs. */
  void publish(List<String> replaces) {
    if (size == 0) {
      return;
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    files.forEach(
        (table, file) -> {
          file.publish();
          counts.put(table.tableName(), rows.get(table));
        });
    List<Pack.Runs> groups = new ArrayList<>();
    runs.forEach(
        (kind, ids) ->
            groups.add(
                new Pack.Runs(
                    kind.origin(), kind.recording(), kind.outcome(), kind.attempts(), ids)));
    folder.writeManifest(new Pack(name, job, counts, groups, replaces, overFolders));
  }

  /** Drops what was not published. */
  @Override
  public void close() {
    files.values().forEach(PartitionFile::close);
  }
}
