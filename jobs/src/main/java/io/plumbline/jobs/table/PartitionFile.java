package io.plumbline.jobs.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * A partition that is being written, row by row. Readers see it when it is published, in place of
 * the earlier one; closed without that, it leaves nothing.
 */
final class PartitionFile<R extends Record> implements AutoCloseable {
  private static final int RENAME_ATTEMPTS = 20;

  private final Path writing;
  private final Path target;
  private final FileSystem files;
  private final Configuration conf;
  private final ParquetWriter<R> writer;
  private boolean writerClosed;

  /**
   * Opens a partition.
   *
   * @param writing where it is written, by a name that readers skip
   * @param target where it is to be
   */
  PartitionFile(Path writing, Path target, Table table, Configuration conf) throws IOException {
    this.writing = writing;
    this.target = target;
    this.conf = conf;
    this.files = target.getFileSystem(conf);
    this.writer = RecordWriteSupport.open(writing, table, conf);
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
      rename();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Another writer may remove the folder at any moment, because it seems empty to it. */
  private void rename() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Rename.over(files, writing, target, conf);
        return;
      } catch (IOException e) {
        if (attempt == RENAME_ATTEMPTS) {
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
        files.delete(writing, true);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private UncheckedIOException failure(IOException e) {
    return new UncheckedIOException("cannot write %s".formatted(target.getParent()), e);
  }
}
