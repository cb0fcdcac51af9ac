package io.plumbline.jobs.sweep;

import io.plumbline.simulator.Simulator;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Version of the code that determines a simulated result: a hash of the classes of {@code trace}
 * and {@code simulator}. A change of a document or of a job leaves results valid; any change of the
 * simulator does not, committed or not.
 */
final class CodeVersion {
  private static final List<String> PACKAGES =
      List.of("io/plumbline/trace", "io/plumbline/simulator");
  private static final String VALUE = compute();

  private CodeVersion() {}

  static String value() {
    return VALUE;
  }

  private static String compute() {
    Map<String, byte[]> classes = new TreeMap<>();
    try {
      for (Class<?> anchor : List.of(Workload.class, Simulator.class)) {
        Path source = Path.of(anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(source)) {
          collect(source, classes);
        } else {
          try (FileSystem files = FileSystems.newFileSystem(source)) {
            collect(files.getPath("/"), classes);
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

  private static void collect(Path root, Map<String, byte[]> classes) throws IOException {
    for (String name : PACKAGES) {
      Path folder = root.resolve(name);
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
          classes.put(root.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
  }
}
