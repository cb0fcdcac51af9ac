package io.plumbline.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** What the files of runs hold, in folders of their own and in packs, told by a second reader. */
final class RunFiles {
  private static final Pattern FOLDER =
      Pattern.compile("(\\w+)/origin=(\\w+)/run_id=([^/]+)/part-0\\.parquet");
  private static final Pattern PACKED = Pattern.compile("packs/(\\w+)/[^/]+\\.parquet");

  private RunFiles() {}

  /**
   * The rows of each run in each table, by {@code table/origin/run_id}, as text in the order of the
   * file; rows that are in two files come twice.
   */
  static Map<String, String> rows(Path results) {
    Map<String, StringBuilder> rows = new TreeMap<>();
    try (Stream<Path> files = Files.walk(results)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = results.relativize(file).toString();
        Matcher folder = FOLDER.matcher(name);
        Matcher packed = PACKED.matcher(name);
        if (folder.matches()) {
          String run = String.join("/", folder.group(1), folder.group(2), folder.group(3));
          add(file, rows, row -> run);
        } else if (packed.matches()) {
          add(
              file,
              rows,
              row ->
                  String.join(
                      "/",
                      packed.group(1),
                      row.getString("origin", 0),
                      row.getString("run_id", 0)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> entry.getValue().toString(),
                (a, b) -> a,
                TreeMap::new));
  }

  private interface RunOf {
    String name(Group row);
  }

  private static void add(Path file, Map<String, StringBuilder> rows, RunOf runOf)
      throws IOException {
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
            .build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        String values =
            row.toString()
                .lines()
                .filter(line -> !line.startsWith("origin:") && !line.startsWith("run_id:"))
                .collect(Collectors.joining("\n"));
        rows.computeIfAbsent(runOf.name(row), name -> new StringBuilder())
            .append(values)
            .append("\n\n");
      }
    }
  }

  /** Names of the tables that packs have files in. */
  static Stream<String> packedTables(Path results) throws IOException {
    try (Stream<Path> folders = Files.list(results.resolve("packs"))) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
    }
  }
}
