package io.plumbline.jobs.table;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes row records to a Parquet file; the same rows give the same bytes. */
final class RecordWriteSupport<R extends Record> extends WriteSupport<R> {
  private final Table table;
  private final List<RecordColumn> columns;
  private RecordConsumer to;

  private RecordWriteSupport(Table table) {
    this.table = table;
    this.columns = RecordSchema.inFile(table.rowType(), table.partitionColumns());
  }

  /** Opens a new file for rows of a table. */
  static <R extends Record> ParquetWriter<R> open(Path file, Table table, Configuration conf)
      throws java.io.IOException {
    return new Builder<R>(HadoopOutputFile.fromPath(file, conf), table)
        .withConf(conf)
        .withCompressionCodec(CompressionCodecName.SNAPPY)
        .build();
  }

  @Override
  public WriteContext init(Configuration conf) {
    return new WriteContext(
        RecordSchema.parquet(table.rowType(), table.partitionColumns()), Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    to = recordConsumer;
  }

  @Override
  public void write(R row) {
    to.startMessage();
    for (int i = 0; i < columns.size(); i++) {
      RecordColumn column = columns.get(i);
      Object value = column.value(row);
      if (value != null) {
        to.startField(column.name(), i);
        column.type().write(value, to);
        to.endField(column.name(), i);
      }
    }
    to.endMessage();
  }

  private static final class Builder<R extends Record>
      extends ParquetWriter.Builder<R, Builder<R>> {
    private final Table table;

    Builder(OutputFile file, Table table) {
      super(file);
      this.table = table;
    }

    @Override
    protected Builder<R> self() {
      return this;
    }

    @Override
    protected WriteSupport<R> getWriteSupport(Configuration conf) {
      return new RecordWriteSupport<>(table);
    }
  }
}
