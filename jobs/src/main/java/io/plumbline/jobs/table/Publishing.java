package io.plumbline.jobs.table;

import java.io.File;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Makes a file appear whole under its name, or not at all. Where a rename is one step, the file is
 * written beside its place and renamed. An object store has no rename (what Hadoop calls so copies,
 * and then deletes) but an upload appears when it is complete: there the file is written on the
 * local disk and put in its place in one go.
 */
final class Publishing {
  /** Schemes of object stores, whose connectors do not all say what they can. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn", "obs", "wasb", "wasbs", "o3fs", "swift");

  /** Path capability of stores in which an output is seen at its close and not before. */
  private static final String APPEARS_AT_CLOSE = "fs.capability.outputstream.abortable";

  private final Configuration conf;

  Publishing(Configuration conf) {
    this.conf = conf;
  }

  /**
   * A place to write a file at which nobody reads.
   *
   * @param folder where the file is to be in the end, or a folder above
   * @param name part of the name
   */
  Path writing(Path folder, String name) throws IOException {
    String unique = "%s%s-%s".formatted(PartitionWriter.WRITING, name, UUID.randomUUID());
    if (!hasRename(folder)) {
      return new Path(new File(System.getProperty("java.io.tmpdir"), unique).toURI());
    }
    // Readers skip names that start with an underscore, so a half-written file is never read.
    return new Path(folder, unique);
  }

  /** Puts what was written in its place; a file that is there already is replaced. */
  void publish(Path writing, Path target) throws IOException {
    FileSystem files = target.getFileSystem(conf);
    if (hasRename(target)) {
      Rename.over(files, writing, target, conf);
    } else {
      put(writing, target);
    }
  }

  /** What breaks on the way is not closed, because closing it would make it seen. */
  private void put(Path from, Path to) throws IOException {
    try (FSDataInputStream in = from.getFileSystem(conf).open(from)) {
      FSDataOutputStream out = to.getFileSystem(conf).create(to, true);
      in.transferTo(out);
      out.close();
    }
    drop(from);
  }

  /** Removes what was written and not published; does nothing if that was. */
  void drop(Path writing) throws IOException {
    writing.getFileSystem(conf).delete(writing, true);
  }

  private boolean hasRename(Path path) throws IOException {
    FileSystem files = path.getFileSystem(conf);
    return !OBJECT_STORES.contains(files.getUri().getScheme())
        && !files.hasPathCapability(path, APPEARS_AT_CLOSE);
  }
}
