package io.plumbline.jobs.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A question of the cookbook: a file in conf/cookbook, whose first comment is the question and
 * whose second one says how to read the answer.
 */
record Cookbook(String name, String question, String note, String sql) {

  static Path home() {
    return Path.of(System.getProperty("plumbline.home"));
  }

  static List<Cookbook> questions() {
    try (Stream<Path> files = Files.list(home().resolve("conf/cookbook"))) {
      return files
          .filter(file -> file.toString().endsWith(".sql"))
          .sorted()
          .map(Cookbook::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Cookbook read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return new Cookbook(
          file.getFileName().toString().replace(".sql", ""),
          comment(file, lines.get(0)),
          comment(file, lines.get(1)),
          String.join("\n", lines.subList(2, lines.size())).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String comment(Path file, String line) {
    if (!line.startsWith("-- ")) {
      throw new IllegalStateException("%s: a comment must stand before %s".formatted(file, line));
    }
    return line.substring(3);
  }

  static String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("# Cookbook\n\n");
    text.append("Generated from `conf/cookbook`; do not edit.\n");
    text.append("Regenerate: `mvn test -pl jobs -am -Dplumbline.tables.write=true`.\n\n");
    text.append(
        "Questions to the tables, each a file to run or to begin from. Tests ask each of\n");
    text.append(
        "them of Spark and of DuckDB and compare the answers. Columns: [tables](tables.md).\n");
    for (Cookbook question : questions()) {
      text.append("\n## %s\n\n%s\n\n".formatted(question.question, question.note));
      text.append("`./plumbline sql -f conf/cookbook/%s.sql`\n\n".formatted(question.name));
      text.append("```sql\n%s\n```\n".formatted(question.sql));
    }
    return text.toString();
  }
}
