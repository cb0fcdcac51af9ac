package io.plumbline.jobs.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** Reads a file of a table row by row, which takes no Spark session. */
final class RowReader {
  private RowReader() {}

  /**
   * Hands over all rows of a file that a filter lets through.
   *
   * @param partition values of the table's partition columns, if these are folders; else empty
   */
  static <R extends Record> void forEach(
      Path file,
      Table table,
      Class<R> type,
      List<String> partition,
      FilterCompat.Filter filter,
      Configuration conf,
      Consumer<R> rows) {
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file)
            .withConf(conf)
            .withFilter(filter)
            .build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        rows.accept(RecordSchema.record(values(table, type, partition, group), type));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s".formatted(file), e);
    }
  }

  private static Object[] values(
      Table table, Class<? extends Record> type, List<String> partition, Group group) {
    List<RecordColumn> columns = RecordColumn.of(type);
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      RecordColumn column = columns.get(i);
      int folder = partition.isEmpty() ? -1 : table.partitionColumns().indexOf(column.name());
      if (folder >= 0) {
        values[i] = partition.get(folder);
      } else if (group.getFieldRepetitionCount(column.name()) > 0) {
        values[i] = column.type().read(group, column.name());
      }
    }
    return values;
  }
}
