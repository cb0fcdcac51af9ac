package io.plumbline.jobs.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One recorded run of the original Vidur: a folder with its {@code config.json}, the requests it
 * generated, and what came out. The tables of predictions that it used are a folder of {@code
 * tables/} beside it.
 *
 * @param tables folder of the predictions; null if none fits
 * @param earlierTables predictions that the original had made before
 */
record VidurCase(Path folder, Path tables, List<Path> earlierTables) {
  private static final String CONFIG = "config.json";

  String name() {
    return name(folder);
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

  /**
   * How each operator of the tables was trained; a node without anything if that is not recorded.
   */
  JsonNode operators() {
    return tables == null ? MissingNode.getInstance() : operators(tables);
  }

  /** The same of the earlier tables. */
  List<JsonNode> earlierOperators() {
    return earlierTables.stream().map(VidurCase::operators).toList();
  }

  private static JsonNode operators(Path set) {
    Path file = set.resolve("models.json");
    return Files.exists(file) ? Json.readTree(file).path("ops") : MissingNode.getInstance();
  }

  /** CPU time that the original needed to train the case's tables, in seconds. */
  double trainingCpuSeconds() {
    double seconds = 0;
    for (JsonNode operator : operators()) {
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
    boolean one = Files.exists(dir.resolve(CONFIG));
    VidurIndex index = new VidurIndex(one ? dir.toAbsolutePath().getParent() : dir);
    List<VidurCase> cases =
        (one ? List.of(dir) : children(dir))
            .stream()
                .filter(folder -> Files.exists(folder.resolve(CONFIG)))
                .sorted(Comparator.comparing(VidurCase::name, index.order()))
                .map(folder -> at(folder, index))
                .toList();
    if (cases.isEmpty()) {
      throw new BadInputException(
          "%s: no recorded runs; each is a folder with a %s. Maybe a folder above or below."
              .formatted(dir, CONFIG));
    }
    return cases;
  }

  private static VidurCase at(Path folder, VidurIndex index) {
    Path tables = index.tables(name(folder), folder.resolve(CONFIG));
    return new VidurCase(folder, tables, tables == null ? List.of() : index.earlierThan(tables));
  }

  private static String name(Path folder) {
    return folder.toAbsolutePath().getFileName().toString();
  }

  /** Folders below a folder, by name. */
  static List<Path> children(Path dir) {
    try (Stream<Path> children = Files.list(dir)) {
      return children.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
