package io.plumbline.jobs.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of the tables in a local results folder, for readers that are not Spark. What is
 * half-written has another suffix and is none of them.
 */
public final class TableFiles {
  private static final String SUFFIX = ".parquet";

  private final Path resultsDir;

  public TableFiles(Path resultsDir) {
    this.resultsDir = resultsDir;
  }

  /**
   * A file.
   *
   * @param path from the results folder, with slashes
   * @param bytes its size
   * @param columns values of columns that are folder names
   */
  public record TableFile(String path, long bytes, Map<String, String> columns) {}

  /** The files of every table that has some, by table. */
  public Map<String, List<TableFile>> byTable() {
    Map<String, List<TableFile>> found = new LinkedHashMap<>();
    for (Table table : Table.values()) {
      List<TableFile> files = files(table);
      if (!files.isEmpty()) {
        found.put(table.tableName(), files);
      }
    }
    return found;
  }

  boolean has(Table table) {
    return !files(table).isEmpty();
  }

  /** Patterns that match all files of a table, and nothing else. */
  List<String> globs(Table table) {
    return List.of(folder(table) + "/**/*" + SUFFIX);
  }

  private Path folder(Table table) {
    return resultsDir.resolve(table.tableName());
  }

  private List<TableFile> files(Table table) {
    if (!Files.isDirectory(folder(table))) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(folder(table))) {
      return paths
          .filter(path -> path.getFileName().toString().endsWith(SUFFIX))
          .sorted()
          .map(this::file)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list %s".formatted(folder(table)), e);
    }
  }

  private TableFile file(Path path) {
    Map<String, String> columns = new LinkedHashMap<>();
    StringBuilder name = new StringBuilder();
    for (Path part : resultsDir.relativize(path)) {
      String text = part.toString();
      int equals = text.indexOf('=');
      if (equals > 0) {
        columns.put(text.substring(0, equals), text.substring(equals + 1));
      }
      name.append(name.isEmpty() ? "" : "/").append(text);
    }
    try {
      return new TableFile(name.toString(), Files.size(path), columns);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s".formatted(path), e);
    }
  }
}
