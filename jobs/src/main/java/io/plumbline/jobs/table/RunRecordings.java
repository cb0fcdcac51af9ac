package io.plumbline.jobs.table;

import io.plumbline.trace.run.Origin;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.schema.MessageType;

/**
 * Reads one column of the table {@code run} straight from its files: a sweep asks before it has a
 * Spark session, and while others may be writing.
 */
final class RunRecordings {
  private static final String COLUMN = "recording";

  private final PartitionWriter partitions;

  RunRecordings(PartitionWriter partitions) {
    this.partitions = partitions;
  }

  /** The recording of every simulated run; runs without one, or unreadable, are left out. */
  Map<String, String> byRunId() {
    Map<String, String> recordings = new ConcurrentSkipListMap<>();
    String simulated = "origin=" + RunRow.partitionValue(Origin.SIMULATED);
    partitions.files(Table.RUN).parallelStream()
        .filter(file -> file.getPath().getParent().getParent().getName().equals(simulated))
        .forEach(
            file -> {
              String recording = recording(file);
              if (recording != null) {
                recordings.put(runId(file.getPath()), recording);
              }
            });
    return recordings;
  }

  private static String runId(Path file) {
    return file.getParent().getName().substring("run_id=".length());
  }

  private String recording(FileStatus file) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(file, partitions.conf()))) {
      MessageType schema = reader.getFileMetaData().getSchema();
      if (!schema.containsField(COLUMN)) {
        return null;
      }
      MessageType wanted = new MessageType(schema.getName(), schema.getType(COLUMN));
      reader.setRequestedSchema(wanted);
      PageReadStore pages = reader.readNextRowGroup();
      Group row =
          new ColumnIOFactory()
              .getColumnIO(wanted)
              .getRecordReader(pages, new GroupRecordConverter(wanted))
              .read();
      return row.getFieldRepetitionCount(COLUMN) == 0 ? null : row.getString(COLUMN, 0);
    } catch (FileNotFoundException e) {
      // Another job is writing the run again.
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s".formatted(file.getPath()), e);
    } catch (RuntimeException e) {
      // Parquet's answer to a file that is none or is cut off: the run is to be made again.
      return null;
    }
  }
}
