package io.plumbline.jobs.conformance;

import io.plumbline.files.csv.CsvTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The order in which recorded runs were made, and the predictions that each used: {@code INDEX.csv}
 * with the columns {@code case} and {@code tables}. Without it, names give the order, and a run
 * used those predictions that were trained as its configuration says.
 */
final class VidurIndex {
  private final Path sets;
  private final Map<String, String> tablesOfCase = new LinkedHashMap<>();

  /**
   * @param root folder of the runs
   */
  VidurIndex(Path root) {
    sets = root.resolve("tables");
    Path file = root.resolve("INDEX.csv");
    if (Files.exists(file)) {
      new CsvTable(file, "case", "tables")
          .forEach(row -> tablesOfCase.put(row.text("case"), row.text("tables")));
    }
  }

  /** Names of runs as the index has them, then the others. */
  Comparator<String> order() {
    List<String> names = List.copyOf(tablesOfCase.keySet());
    return Comparator.comparingInt(
            (String name) -> names.contains(name) ? names.indexOf(name) : names.size())
        .thenComparing(Comparator.naturalOrder());
  }

  /** Folder of the predictions of a run; null if none fits. */
  Path tables(String name, Path config) {
    String named = tablesOfCase.get(name);
    if (named != null) {
      return sets.resolve(named);
    }
    return Files.isDirectory(sets)
        ? new VidurTableSets(VidurCase.children(sets)).fitting(config)
        : null;
  }

  /** Folders of predictions that were there before those of a run. */
  List<Path> earlierThan(Path tables) {
    Stream<Path> inOrder =
        tablesOfCase.isEmpty()
            ? VidurCase.children(sets).stream()
            : tablesOfCase.values().stream().distinct().map(sets::resolve);
    return inOrder.takeWhile(set -> !set.equals(tables)).toList();
  }
}
