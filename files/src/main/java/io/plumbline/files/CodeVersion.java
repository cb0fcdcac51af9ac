package io.plumbline.files;

import io.plumbline.trace.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Version of the code that determines a result: a hash of its classes. A change of a document or of
 * another module leaves results valid; any change of these classes does not, committed or not.
 */
public final class CodeVersion {
  private CodeVersion() {}

  /**
   * Hash of all classes below the packages of some classes, in the jars or folders these come from.
   *
   * @param anchors one class in the top package of each part of the code that counts
   */
  public static String of(Class<?>... anchors) {
    Map<String, byte[]> classes = new TreeMap<>();
    try {
      for (Class<?> anchor : anchors) {
        String folder = anchor.getPackageName().replace('.', '/');
        Path source = Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(source)) {
          collect(source, folder, classes);
        } else {
          try (FileSystem files = FileSystems.newFileSystem(source)) {
            collect(files.getPath("/"), folder, classes);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read Plumbline's own classes", e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Plumbline's classes are at no file", e);
    }
    Sha256 hash = new Sha256();
    classes.forEach((name, bytes) -> hash.putText(name).putBytes(bytes));
    return hash.shortHex();
  }

  private static void collect(Path root, String folder, Map<String, byte[]> classes)
      throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve(folder))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        classes.put(root.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
  }
}
