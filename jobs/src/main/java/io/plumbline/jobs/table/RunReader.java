package io.plumbline.jobs.table;

import io.plumbline.trace.run.Origin;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
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
    RowReader.forEach(
        file,
        table,
        type,
        place == null ? partition : List.of(),
        filter,
        partitions.conf(),
        rows::add);
    return rows;
  }

  private static FilterPredicate is(String column, String value) {
    return FilterApi.eq(FilterApi.binaryColumn(column), Binary.fromString(value));
  }
}
