package io.plumbline.jobs.table;

import io.plumbline.trace.run.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.api.Binary;

/** Reads the rows of one run straight from its files, which takes no Spark session. */
public final class RunReader {
  private final PartitionWriter partitions;

  /**
   * A reader of tables.
   *
   * @param resultsDir folder of the tables, a path or a URI of a Hadoop file system
   */
  public RunReader(String resultsDir) {
    this.partitions = new PartitionWriter(resultsDir);
  }

  /** The run itself. */
  public RunRow run(Origin origin, String runId) {
    return rows(Table.RUN, RunRow.class, origin, runId).get(0);
  }

  /** Its requests, in the order of their ids. */
  public List<RequestTimingRow> requests(Origin origin, String runId) {
    return rows(Table.REQUEST_TIMING, RequestTimingRow.class, origin, runId);
  }

  private <R extends Record> List<R> rows(Table table, Class<R> type, Origin origin, String runId) {
    List<String> partition = List.of(RunRow.partitionValue(origin), runId);
    Path file = new Path(partitions.folder(table, partition), PartitionWriter.FILE);
    FilterCompat.Filter filter = FilterCompat.NOOP;
    RunCatalog.Place place =
        RunCatalog.of(partitions).place(new RunCatalog.Key(partition.get(0), runId));
    if (place != null) {
      file =
          new PackFolder(partitions.resultsDir(), partitions.conf())
              .file(table, place.pack().pack());
      filter = FilterCompat.get(FilterApi.and(is("origin", partition.get(0)), is("run_id", runId)));
    }
    List<R> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file)
            .withConf(partitions.conf())
            .withFilter(filter)
            .build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        rows.add(RecordSchema.record(values(table, type, partition, group), type));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s".formatted(file), e);
    }
    return rows;
  }

  private static FilterPredicate is(String column, String value) {
    return FilterApi.eq(FilterApi.binaryColumn(column), Binary.fromString(value));
  }

  private static Object[] values(
      Table table, Class<? extends Record> type, List<String> partition, Group group) {
    List<RecordColumn> columns = RecordColumn.of(type);
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      RecordColumn column = columns.get(i);
      int folder = table.partitionColumns().indexOf(column.name());
      if (folder >= 0) {
        values[i] = partition.get(folder);
      } else if (group.getFieldRepetitionCount(column.name()) > 0) {
        values[i] = column.type().read(group, column.name());
      }
    }
    return values;
  }
}
