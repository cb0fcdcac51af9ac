package io.plumbline.jobs.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * A file of a table that is being written, row by row. Readers see it when it is published, in
 * place of the earlier one; closed without that, it leaves nothing.
 */
final class PartitionFile<R extends Record> implements AutoCloseable {
  private static final int PUBLISH_ATTEMPTS = 20;

  private final Publishing publishing;
  private final Path writing;
  private final Path target;
  private final ParquetWriter<R> writer;
  private boolean writerClosed;

  /** Opens the file of a partition, which may be large. */
  PartitionFile(Path writing, Path target, Table table, Configuration conf) throws IOException {
    this(writing, target, RecordWriteSupport.open(writing, table, conf), new Publishing(conf));
  }

  private PartitionFile(Path writing, Path target, ParquetWriter<R> writer, Publishing publishing) {
    this.writing = writing;
    this.target = target;
    this.writer = writer;
    this.publishing = publishing;
  }

  /**
   * Opens a file that has all columns inside.
   *
   * @param writing where it is written, by a name that readers skip
   * @param target where it is to be
   * @param rowGroupBytes bounds the memory it takes
   */
  static <R extends Record> PartitionFile<R> withAllColumns(
      Path writing, Path target, Table table, long rowGroupBytes, Configuration conf)
      throws IOException {
    return new PartitionFile<>(
        writing,
        target,
        RecordWriteSupport.open(writing, table, List.of(), rowGroupBytes, conf),
        new Publishing(conf));
  }

  void write(R row) {
    try {
      writer.write(row);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Puts the rows in the place of the earlier ones, in one step. */
  void publish() {
    try {
      closeWriter();
      place();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Another writer may remove the folder at any moment, because it seems empty to it. */
  private void place() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        publishing.publish(writing, target);
        return;
      } catch (IOException e) {
        if (attempt == PUBLISH_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void closeWriter() throws IOException {
    if (!writerClosed) {
      writerClosed = true;
      writer.close();
    }
  }

  @Override
  public void close() {
    try {
      try {
        closeWriter();
      } finally {
        publishing.drop(writing);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private UncheckedIOException failure(IOException e) {
    return new UncheckedIOException("cannot write %s".formatted(target.getParent()), e);
  }
}
