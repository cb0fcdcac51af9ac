package io.plumbline.jobs.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The files of the tables in a local results folder whose rows count, for readers that are not
 * Spark: as {@link RunCatalog} says, in folders of single runs and in packs of many.
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
   * @param columns values of columns that are folder names; none in packs, which have all inside
   * @param hiddenRuns ids of runs whose rows in it do not count
   */
  public record TableFile(
      String path, long bytes, Map<String, String> columns, Set<String> hiddenRuns) {}

  /** The files of every table that has some, by table. */
  public Map<String, List<TableFile>> byTable() {
    PartitionWriter partitions = new PartitionWriter(resultsDir.toString());
    RunCatalog catalog = RunCatalog.of(partitions);
    Map<String, List<TableFile>> found = new LinkedHashMap<>();
    for (Table table : Table.values()) {
      List<TableFile> files = new ArrayList<>(inFolders(table, catalog));
      files.addAll(inPacks(table, catalog, partitions));
      if (!files.isEmpty()) {
        found.put(table.tableName(), files);
      }
    }
    return found;
  }

  private List<TableFile> inFolders(Table table, RunCatalog catalog) {
    Path folder = resultsDir.resolve(table.tableName());
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    boolean isOfRuns = table == Table.RUN || RunRows.TABLES.contains(table);
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(path -> path.getFileName().toString().endsWith(SUFFIX))
          .filter(path -> !isOfRuns || catalog.countsInFolder(RunCatalog.key(hadoop(path))))
          .sorted()
          .map(path -> file(path, columns(path), Set.of()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list %s".formatted(folder), e);
    }
  }

  private List<TableFile> inPacks(Table table, RunCatalog catalog, PartitionWriter partitions) {
    PackFolder folder = new PackFolder(partitions.resultsDir(), partitions.conf());
    List<TableFile> files = new ArrayList<>();
    for (Pack pack : catalog.packs()) {
      if (pack.has(table)) {
        Set<String> hidden = new TreeSet<>();
        catalog.hidden(pack).forEach(run -> hidden.add(run.runId()));
        Path path = Path.of(folder.file(table, pack.pack()).toUri().getPath());
        files.add(file(path, Map.of(), hidden));
      }
    }
    return files;
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private Map<String, String> columns(Path path) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (Path part : resultsDir.relativize(path)) {
      String text = part.toString();
      int equals = text.indexOf('=');
      if (equals > 0) {
        columns.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    return columns;
  }

  private TableFile file(Path path, Map<String, String> columns, Set<String> hiddenRuns) {
    StringBuilder name = new StringBuilder();
    for (Path part : resultsDir.relativize(path)) {
      name.append(name.isEmpty() ? "" : "/").append(part);
    }
    try {
      return new TableFile(name.toString(), Files.size(path), columns, hiddenRuns);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s".formatted(path), e);
    }
  }
}
