package io.plumbline.jobs.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One recorded run of the original Vidur: a folder with its {@code config.json}, the requests it
 * generated, and what came out. The tables of predictions that it used are a folder of {@code
 * tables/} beside it.
 *
 * @param tables folder of the predictions; null if none fits
 */
record VidurCase(Path folder, Path tables) {
  private static final String CONFIG = "config.json";
  private static final String INDEX = "INDEX.csv";

  String name() {
    return folder.getFileName().toString();
  }

  Path config() {
    return folder.resolve(CONFIG);
  }

  Path requests() {
    return folder.resolve("requests.csv");
  }

  JsonNode summary() {
    return Json.readTree(folder.resolve("summary.json"));
  }

  /** Hands over every row of one of the case's tables, compressed or not. */
  void forEach(String table, Consumer<CsvRow> action) {
    new CsvTable(file(table)).forEach(action);
  }

  /** Whether its predictions are those of random forests. */
  boolean isRandomForest() {
    JsonNode config = Json.readTree(config());
    // Vidur's spelling.
    return config
        .path("execution_time_predictor_config")
        .path("name")
        .asText()
        .equals("random_forrest");
  }

  /** CPU time that the original needed to train the case's tables, in seconds. */
  double trainingCpuSeconds() {
    double seconds = 0;
    for (JsonNode operator : Json.readTree(tables.resolve("models.json")).path("ops")) {
      seconds += operator.path("cpu_s").asDouble();
    }
    return seconds;
  }

  /** One of the summaries of a metric; null if the case has none. */
  JsonNode metricsSummary(String name) {
    Path file = folder.resolve("metrics").resolve(name + ".json");
    return Files.exists(file) ? Json.readTree(file) : null;
  }

  boolean has(String table) {
    return Files.exists(file(table));
  }

  private Path file(String table) {
    Path compressed = folder.resolve(table + ".csv.gz");
    return Files.exists(compressed) ? compressed : folder.resolve(table + ".csv");
  }

  /**
   * The cases below a folder, or the folder itself if it is one; in the order of their index, then
   * by name.
   *
   * @throws BadInputException if there is none
   */
  static List<VidurCase> below(Path dir) {
    if (!Files.isDirectory(dir)) {
      throw new BadInputException("no such folder: " + dir);
    }
    List<VidurCase> cases =
        Files.exists(dir.resolve(CONFIG))
            ? List.of(at(dir, dir.toAbsolutePath().getParent()))
            : children(dir).stream()
                .filter(child -> Files.exists(child.resolve(CONFIG)))
                .map(child -> at(child, dir))
                .toList();
    if (cases.isEmpty()) {
      throw new BadInputException(
          "%s: no recorded runs; each is a folder with a %s. Maybe a folder above or below."
              .formatted(dir, CONFIG));
    }
    return cases;
  }

  private static VidurCase at(Path folder, Path root) {
    return new VidurCase(folder, tablesOf(folder, root));
  }

  /** The index names the tables; without one, those trained as the case's configuration says. */
  private static Path tablesOf(Path folder, Path root) {
    Path all = root.resolve("tables");
    List<String> named = new ArrayList<>();
    if (Files.exists(root.resolve(INDEX))) {
      new CsvTable(root.resolve(INDEX), "case", "tables")
          .forEach(
              row -> {
                if (folder.getFileName().toString().equals(row.text("case"))) {
                  named.add(row.text("tables"));
                }
              });
    }
    if (!named.isEmpty()) {
      return all.resolve(named.get(0));
    }
    return Files.isDirectory(all)
        ? new VidurTableSets(children(all)).fitting(folder.resolve(CONFIG))
        : null;
  }

  private static List<Path> children(Path dir) {
    try (Stream<Path> children = Files.list(dir)) {
      return children.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
