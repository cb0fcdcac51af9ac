package io.plumbline.files.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a file's bytes hash to.
 *
 * @param hex lower-case digits
 */
record Checksum(Algorithm algorithm, String hex) {
  private static final int BUFFER_BYTES = 1 << 20;

  /** The two that hubs give: for large files, and for files that git itself holds. */
  enum Algorithm {
    SHA256("SHA-256", 64),
    /** The id of a git object: SHA-1 over the word blob, the size, and the bytes. */
    GIT_BLOB("SHA-1", 40);

    private final String jdkName;
    private final int hexDigits;

    Algorithm(String jdkName, int hexDigits) {
      this.jdkName = jdkName;
      this.hexDigits = hexDigits;
    }
  }

  Checksum {
    if (!hex.matches("[0-9a-f]{%d}".formatted(algorithm.hexDigits))) {
      throw new IllegalArgumentException(
          "hex (%s) must be %d lower-case hex digits".formatted(hex, algorithm.hexDigits));
    }
  }

  static Checksum sha256(String hex) {
    return new Checksum(Algorithm.SHA256, hex);
  }

  static Checksum gitBlob(String hex) {
    return new Checksum(Algorithm.GIT_BLOB, hex);
  }

  /** The same hash of another file. */
  Checksum of(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance(algorithm.jdkName);
      if (algorithm == Algorithm.GIT_BLOB) {
        digest.update("blob %d\0".formatted(Files.size(file)).getBytes(StandardCharsets.US_ASCII));
      }
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm.jdkName, e);
    }
  }

  @Override
  public String toString() {
    return algorithm.name().toLowerCase(Locale.ROOT) + " " + hex;
  }
}
