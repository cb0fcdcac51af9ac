package io.plumbline.files.fetch;

import io.plumbline.files.fetch.FetchOptions.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Compares a folder with the files that are wanted of it. */
final class FolderCheck {
  private final Wanted wanted;
  private final Path folder;
  private final Map<String, KnownFile> known = new LinkedHashMap<>();

  /**
   * @param declared what a source says of its files; what a download left in the folder counts more
   */
  FolderCheck(Wanted wanted, Path folder, List<KnownFile> declared) {
    this.wanted = wanted;
    this.folder = folder;
    declared.forEach(file -> known.put(file.path(), file));
    known.putAll(FolderRecord.in(folder));
    known.keySet().removeIf(path -> !wanted.admits(path));
  }

  /** A line for each file, or whole range of files, that is missing or wrong; by name. */
  List<String> problems(Check check) {
    List<String> names = wanted.names();
    List<String> problems = new ArrayList<>();
    wanted.entries().forEach(entry -> addMissing(entry, problems));
    for (KnownFile file : known.values()) {
      if (isThere(file.path())) {
        addDifference(file, check, problems);
      } else if (!names.contains(file.path())) {
        problems.add(file.path());
      }
    }
    return problems;
  }

  /** Files that are there and whose checksum nobody knows. */
  List<String> unverifiable() {
    return wanted.names().stream()
        .filter(this::isThere)
        .filter(name -> !known.containsKey(name) || known.get(name).checksum() == null)
        .toList();
  }

  private void addMissing(Wanted.Entry entry, List<String> problems) {
    List<String> missing = entry.names().stream().filter(name -> !isThere(name)).toList();
    if (entry.names().isEmpty()) {
      if (!anyFits(entry.pattern())) {
        problems.add(entry.pattern() + " (no such file)");
      }
    } else if (missing.size() > 1 && missing.size() == entry.names().size()) {
      problems.add("%s (%d files)".formatted(entry.pattern(), missing.size()));
    } else {
      problems.addAll(missing);
    }
  }

  private boolean isThere(String path) {
    return Files.isRegularFile(folder.resolve(path));
  }

  private boolean anyFits(String pattern) {
    FilePatterns one = new FilePatterns(List.of(pattern));
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .anyMatch(path -> one.match(path) && wanted.admits(path));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  private void addDifference(KnownFile file, Check check, List<String> problems) {
    Path path = folder.resolve(file.path());
    long size = path.toFile().length();
    if (file.sizeBytes() != null && file.sizeBytes() != size) {
      problems.add(
          "%s (has %d bytes, should have %d)".formatted(file.path(), size, file.sizeBytes()));
    } else if (check == Check.CHECKSUM && file.checksum() != null) {
      Checksum actual = file.checksum().of(path);
      if (!actual.equals(file.checksum())) {
        problems.add("%s (has %s, should have %s)".formatted(file.path(), actual, file.checksum()));
      }
    }
  }
}
