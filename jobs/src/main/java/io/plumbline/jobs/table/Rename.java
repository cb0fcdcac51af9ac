package io.plumbline.jobs.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Puts a file in the place of another in one step, where the file system can do that. */
final class Rename {
  private Rename() {}

  /**
   * Hadoop keeps the checksum of a local file in a second file, and two files cannot be replaced in
   * one step. Parquet has its own checksums.
   */
  static void withoutChecksumFiles(Configuration conf) {
    conf.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
    // The cache is keyed by scheme and user, and others want the usual local file system from it.
    conf.setBoolean("fs.file.impl.disable.cache", true);
  }

  /** Renames a file; one that is there already is replaced. Its folder is made. */
  static void over(FileSystem files, Path from, Path to, Configuration conf) throws IOException {
    if (files instanceof RawLocalFileSystem local) {
      // Hadoop's own way deletes the old file first, and then there is none for a moment.
      Files.createDirectories(local.pathToFile(to.getParent()).toPath());
      Files.deleteIfExists(
          local.pathToFile(new Path(to.getParent(), ".%s.crc".formatted(to.getName()))).toPath());
      Files.move(
          local.pathToFile(from).toPath(),
          local.pathToFile(to).toPath(),
          StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    files.mkdirs(to.getParent());
    FileContext context;
    try {
      context = FileContext.getFileContext(files.getUri(), conf);
    } catch (UnsupportedFileSystemException e) {
      // Only the older of Hadoop's two interfaces knows the scheme, and it has no overwriting.
      files.delete(to, false);
      if (!files.rename(from, to)) {
        throw new IOException("cannot rename %s to %s".formatted(from, to), e);
      }
      return;
    }
    context.rename(from, to, Options.Rename.OVERWRITE);
  }
}
