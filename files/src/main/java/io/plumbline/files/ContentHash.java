package io.plumbline.files;

import io.plumbline.trace.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Identity of files that others wrote: what they are called and what is in them. */
public final class ContentHash {
  private static final int BUFFER_BYTES = 1 << 16;

  private ContentHash() {}

  /**
   * Short hash of the names, as seen from a folder, and the bytes of files; where the folder lies
   * does not matter, and files of any size are read in pieces.
   */
  public static String of(Path folder, List<Path> files) {
    Sha256 sha = new Sha256();
    for (Path file : files) {
      sha.putText(folder.relativize(file).toString().replace('\\', '/')).putText(hex(file));
    }
    return sha.shortHex();
  }

  private static String hex(Path file) {
    try (InputStream stream = Files.newInputStream(file);
        DigestInputStream digest =
            new DigestInputStream(stream, MessageDigest.getInstance("SHA-256"))) {
      byte[] buffer = new byte[BUFFER_BYTES];
      while (digest.read(buffer) >= 0) {
        continue;
      }
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }
}
