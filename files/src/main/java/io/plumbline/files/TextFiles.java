package io.plumbline.files;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens text that may be compressed: a name that ends in {@code .gz} is unpacked on the way. */
public final class TextFiles {
  private TextFiles() {}

  /** The text of a file, strictly UTF-8. */
  public static BufferedReader open(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(stream(file), StandardCharsets.UTF_8.newDecoder()));
  }

  private static InputStream stream(Path file) throws IOException {
    InputStream stream = new BufferedInputStream(Files.newInputStream(file));
    if (!file.getFileName().toString().endsWith(".gz")) {
      return stream;
    }
    try {
      return new GZIPInputStream(stream, 1 << 16);
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }

  /** The file, or the same compressed if only that is there. */
  public static Path orCompressed(Path file) {
    Path compressed = file.resolveSibling(file.getFileName() + ".gz");
    return !Files.exists(file) && Files.exists(compressed) ? compressed : file;
  }

  /**
   * What went wrong while a file was read: the user's input if it is missing, cut off or no text.
   */
  public static RuntimeException failure(Path file, IOException problem) {
    if (problem instanceof NoSuchFileException) {
      return new BadInputException("no such file: " + file, problem);
    }
    if (problem instanceof CharacterCodingException) {
      return new BadInputException("%s: not UTF-8 text".formatted(file), problem);
    }
    if (problem instanceof ZipException || problem instanceof EOFException) {
      return new BadInputException(
          "%s: not a whole gzip file. Maybe it was cut off.".formatted(file), problem);
    }
    return new UncheckedIOException(problem);
  }
}
