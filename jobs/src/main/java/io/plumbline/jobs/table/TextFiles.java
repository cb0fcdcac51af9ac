package io.plumbline.jobs.table;

import io.plumbline.files.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Small text files in one folder of any Hadoop file system, each replaced in one step. */
public final class TextFiles {
  private final Path folder;
  private final Configuration conf = PartitionWriter.configuration();

  /**
   * @param folder a path or a URI of a Hadoop file system; made when something is written
   */
  public TextFiles(String folder) {
    this.folder = new Path(folder);
  }

  /**
   * Makes sure that the folder can be written, by writing into it.
   *
   * @param option the option that names the folder, for the message
   * @throws BadInputException if it cannot
   */
  public void requireWritable(String option) {
    Path probe = new Path(folder, PartitionWriter.WRITING + "probe-" + UUID.randomUUID());
    try {
      FileSystem files = probe.getFileSystem(conf);
      files.create(probe).close();
      files.delete(probe, false);
    } catch (IOException e) {
      throw new BadInputException(
          "the folder %s cannot be written: %s. Maybe name another one with %s."
              .formatted(folder, e.getMessage(), option),
          e);
    }
  }

  /** Text of a file; null if there is none. */
  public String read(String name) {
    Path file = new Path(folder, name);
    try (FSDataInputStream in = file.getFileSystem(conf).open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s".formatted(file), e);
    }
  }

  /** Writes a file in place of what was there; of two writers the later one wins. */
  public void write(String name, String text) {
    Path file = new Path(folder, name);
    Publishing publishing = new Publishing(conf);
    try {
      Path writing = publishing.writing(folder, name);
      try {
        try (FSDataOutputStream out = writing.getFileSystem(conf).create(writing)) {
          out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        publishing.publish(writing, file);
      } finally {
        publishing.drop(writing);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write %s".formatted(file), e);
    }
  }
}
