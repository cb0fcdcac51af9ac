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
  private final List<String> inFolders;
  private final List<RecordColumn> columns;
  private RecordConsumer to;

  private RecordWriteSupport(Table table, List<String> inFolders) {
    this.table = table;
    this.inFolders = inFolders;
    this.columns = RecordSchema.inFile(table.rowType(), inFolders);
  }

  /** Opens a new file for rows of a partition, whose columns are the names of its folders. */
  static <R extends Record> ParquetWriter<R> open(Path file, Table table, Configuration conf)
      throws java.io.IOException {
    return open(file, table, table.partitionColumns(), ParquetWriter.DEFAULT_BLOCK_SIZE, conf);
  }

  /**
   * Opens a new file.
   *
   * @param inFolders columns that are not in the file
   * @param rowGroupBytes size at which the writer lets go of its rows
   */
  static <R extends Record> ParquetWriter<R> open(
      Path file, Table table, List<String> inFolders, long rowGroupBytes, Configuration conf)
      throws java.io.IOException {
    return new Builder<R>(HadoopOutputFile.fromPath(file, conf), table, inFolders)
        .withConf(conf)
        .withRowGroupSize(rowGroupBytes)
        .withCompressionCodec(CompressionCodecName.SNAPPY)
        .build();
  }

  @Override
  public WriteContext init(Configuration conf) {
    return new WriteContext(RecordSchema.parquet(table.rowType(), inFolders), Map.of());
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
    private final List<String> inFolders;

    Builder(OutputFile file, Table table, List<String> inFolders) {
      super(file);
      this.table = table;
      this.inFolders = inFolders;
    }

    @Override
    protected Builder<R> self() {
      return this;
    }

    @Override
    protected WriteSupport<R> getWriteSupport(Configuration conf) {
      return new RecordWriteSupport<>(table, inFolders);
    }
  }
}
