package io.plumbline.jobs.profile;

import io.plumbline.files.BadInputException;
import io.plumbline.simulator.latency.KernelChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds the file of a table: {@code SYSTEM/KIND/ENGINE/VERSION/NAME.parquet}. */
final class KernelFiles {
  private static final Comparator<Path> BY_VERSION =
      (a, b) -> Arrays.compare(numbers(a), numbers(b));

  private KernelFiles() {}

  /**
   * A table that must be there.
   *
   * @throws BadInputException naming the folder where it is not
   */
  static Path table(Path system, String kind, String name, KernelChoice choice) {
    Path file = tableIfThere(system, kind, name, choice);
    if (file == null) {
      throw new BadInputException(
          "no %s.parquet of %s%s in %s. Maybe another framework or version, or the predictor roofline, which needs no table."
              .formatted(
                  name,
                  choice.framework(),
                  choice.version() == null ? "" : " " + choice.version(),
                  system.resolve(kind)));
    }
    return file;
  }

  /** A table; null if it is not there. Without a version it is that of the latest that has it. */
  static Path tableIfThere(Path system, String kind, String name, KernelChoice choice) {
    Path engine = system.resolve(kind).resolve(choice.framework());
    return versions(engine).stream()
        .filter(v -> choice.version() == null || v.endsWith(choice.version()))
        .map(version -> version.resolve(name + ".parquet"))
        .filter(Files::exists)
        .reduce((older, newer) -> newer)
        .orElse(null);
  }

  private static List<Path> versions(Path engine) {
    if (!Files.isDirectory(engine)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(engine)) {
      return folders.sorted(BY_VERSION.thenComparing(Comparator.naturalOrder())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The numbers in a version: 0.19.0 is later than 0.9.1. */
  private static int[] numbers(Path version) {
    return Arrays.stream(version.getFileName().toString().split("\\D+"))
        .filter(part -> !part.isEmpty() && part.length() < 9)
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
