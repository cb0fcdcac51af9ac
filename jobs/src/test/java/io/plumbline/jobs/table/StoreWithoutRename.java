package io.plumbline.jobs.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Behaves as an object store: a file is seen when it is closed, and nothing can be renamed. */
public final class StoreWithoutRename extends FilterFileSystem {
  static final String SCHEME = "norename";

  /** Not known as a local file system, which has a way of its own to rename. */
  private static final class Folder extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create(SCHEME + ":///");
    }
  }

  public StoreWithoutRename() {
    super(new Folder());
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) throws IOException {
    return capability.equals("fs.capability.outputstream.abortable")
        || super.hasPathCapability(path, capability);
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw new UnsupportedOperationException("rename of " + from);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return put(file, overwrite);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return put(file, overwrite);
  }

  private FSDataOutputStream put(Path file, boolean overwrite) throws IOException {
    ByteArrayOutputStream buffer =
        new ByteArrayOutputStream() {
          @Override
          public void close() throws IOException {
            java.nio.file.Path target = ((RawLocalFileSystem) fs).pathToFile(file).toPath();
            java.nio.file.Files.createDirectories(target.getParent());
            if (!overwrite && java.nio.file.Files.exists(target)) {
              throw new IOException(file + " is there");
            }
            java.nio.file.Files.write(target, toByteArray());
          }
        };
    return new FSDataOutputStream(buffer, null);
  }
}
