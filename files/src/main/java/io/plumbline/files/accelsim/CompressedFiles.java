package io.plumbline.files.accelsim;

import io.plumbline.files.BadInputException;
import io.plumbline.files.TextFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZFormatException;
import org.tukaani.xz.XZInputStream;

/** Opens files that may be compressed by xz or gzip, which their names say. */
public final class CompressedFiles {
  private static final int BUFFER_BYTES = 1 << 16;

  private CompressedFiles() {}

  /**
   * The bytes of a file, unpacked.
   *
   * @throws BadInputException if there is no such file or it is not what its name says
   */
  public static InputStream open(Path file) {
    try {
      InputStream raw = Files.newInputStream(file);
      String name = file.getFileName().toString();
      try {
        if (name.endsWith(".xz")) {
          return new XZInputStream(raw);
        }
        return name.endsWith(".gz") ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
      } catch (IOException e) {
        raw.close();
        throw e;
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** What went wrong while a file was read. */
  static RuntimeException failure(Path file, IOException problem) {
    if (problem instanceof XZFormatException
        || (file.getFileName().toString().endsWith(".xz")
            && !(problem instanceof NoSuchFileException))) {
      return new BadInputException(
          "%s: not a whole xz file. Maybe it was cut off.".formatted(file), problem);
    }
    return TextFiles.failure(file, problem);
  }
}
