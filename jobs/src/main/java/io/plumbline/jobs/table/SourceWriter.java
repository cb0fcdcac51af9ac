package io.plumbline.jobs.table;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what a source gives besides runs, one folder per table, row by row. Readers see nothing of
 * it before the end; then each table is replaced whole. The row in {@code source} is removed first
 * and written last, so its presence is the mark of a source that is there whole.
 */
public final class SourceWriter implements AutoCloseable {
  private static final List<Table> TABLES =
      List.of(
          Table.RUN_SUMMARY,
          Table.OPERATOR_TIMING,
          Table.KERNEL_TIMING,
          Table.MICROBENCHMARK,
          Table.ENGINE_STEP,
          Table.GAUGE_SAMPLE);

  private final PartitionWriter partitions;
  private final List<String> partition;
  private final Map<Table, PartitionFile<Record>> files = new EnumMap<>(Table.class);
  private final Map<Table, Long> rows = new EnumMap<>(Table.class);

  /**
   * Opens a source for writing.
   *
   * @param resultsDir folder of the tables, a path or a URI of a Hadoop file system
   */
  public SourceWriter(String resultsDir, String sourceId) {
    this.partitions = new PartitionWriter(resultsDir);
    this.partition = List.of(sourceId);
  }

  /** Adds a row to one of the tables of sources. */
  public void write(Table table, Record row) {
    files.computeIfAbsent(table, t -> partitions.open(t, partition)).write(row);
    rows.merge(table, 1L, Long::sum);
  }

  /** Rows written to a table so far. */
  public long rows(Table table) {
    return rows.getOrDefault(table, 0L);
  }

  /** Rows written so far. */
  public long rows() {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Puts everything in its place.
   *
   * @param source the row of the source, which goes last; null leaves no row, for a run's samples
   */
  public void publish(SourceRow source) {
    partitions.remove(Table.SOURCE, partition);
    for (Table table : TABLES) {
      if (files.containsKey(table)) {
        files.get(table).publish();
      } else {
        partitions.remove(table, partition);
      }
    }
    if (source != null) {
      partitions.replace(Table.SOURCE, partition, List.of(source).iterator());
    }
  }

  /** Drops what was not published. */
  @Override
  public void close() {
    files.values().forEach(PartitionFile::close);
  }
}
