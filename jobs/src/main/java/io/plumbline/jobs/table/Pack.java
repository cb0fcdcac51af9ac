package io.plumbline.jobs.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The manifest of a pack: many runs in one file per table. It is written once, after its files, and
 * never changed; a pack without one does not exist for readers.
 *
 * @param pack its name, which begins with the time and is given to no other
 * @param job the sweep or compaction that wrote it
 * @param rows by name of the tables that it has a file in
 * @param runs all runs in it
 * @param replaces packs whose runs are all in this one; they do not count any more
 * @param overFolders runs, as {@code ORIGIN/RUN_ID}, that were in folders of their own when this
 *     pack took them over, with the time of their row's file in ms: a newer row counts again
 */
record Pack(
    String pack,
    String job,
    Map<String, Long> rows,
    List<Runs> runs,
    List<String> replaces,
    Map<String, Long> overFolders) {

  /** Form of the file; another form gets another name. */
  static final String FORM = "plumbline-pack-1";

  /**
   * Runs that are alike.
   *
   * @param recording null if something else than Plumbline's simulator made them
   * @param attempts how often in all they broke; 0 if they did not
   */
  record Runs(String origin, String recording, String outcome, int attempts, List<String> runIds) {

    boolean failed() {
      return RunRow.FAILED.equals(outcome);
    }
  }

  /** Number of runs in it. */
  int size() {
    return runs.stream().mapToInt(group -> group.runIds().size()).sum();
  }

  /** Whether it has rows in a table. */
  boolean has(Table table) {
    return rows.containsKey(table.tableName());
  }

  String toJson() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("form", FORM);
    tree.put("pack", pack);
    tree.put("job", job);
    tree.put("rows", rows);
    tree.put("runs", runs);
    tree.put("replaces", replaces);
    tree.put("over_folders", overFolders);
    return Json.write(tree);
  }

  /**
   * Reads a manifest.
   *
   * @param file its name, for the message
   * @throws BadInputException if it is none
   */
  static Pack ofJson(String file, String text) {
    JsonNode tree = Json.parseTree(file, text);
    if (!FORM.equals(tree.path("form").textValue())) {
      throw new BadInputException(
          "%s is no manifest of form %s. Maybe a newer version of Plumbline wrote it; or restore it, or remove it: its runs are then made again."
              .formatted(file, FORM));
    }
    List<Runs> runs = new ArrayList<>();
    for (JsonNode group : tree.path("runs")) {
      runs.add(
          new Runs(
              group.path("origin").textValue(),
              group.path("recording").textValue(),
              group.path("outcome").textValue(),
              group.path("attempts").intValue(),
              texts(group.path("run_ids"))));
    }
    return new Pack(
        tree.path("pack").textValue(),
        tree.path("job").textValue(),
        numbers(tree.path("rows")),
        runs,
        texts(tree.path("replaces")),
        numbers(tree.path("over_folders")));
  }

  private static Map<String, Long> numbers(JsonNode mapping) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    mapping
        .properties()
        .forEach(entry -> numbers.put(entry.getKey(), entry.getValue().longValue()));
    return numbers;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>(list.size());
    list.forEach(item -> texts.add(item.textValue()));
    return texts;
  }
}
