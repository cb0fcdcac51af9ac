package io.plumbline.files.workload;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.workload.RequestRows.Located;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A workload as a folder: {@code trace_lengths.csv} (with {@link OptionalColumns}), {@code
 * trace_intervals.csv} and, for a real engine that needs words, {@code prompts.jsonl}.
 *
 * @param promptIds one per request, in its order
 * @param prompts text by prompt id; null if the folder has no prompts
 */
public record WorkloadFolder(
    Workload workload, List<String> promptIds, Map<String, String> prompts) {
  private static final String LENGTHS = "trace_lengths.csv";
  private static final String INTERVALS = "trace_intervals.csv";
  private static final String PROMPTS = "prompts.jsonl";

  /** A row of the lengths: a request that arrives at 0 as yet. */
  private record Lengths(String promptId, Request request) {}

  private record Arrival(long interNanos, long arrivalNanos) {}

  public WorkloadFolder {
    promptIds = List.copyOf(promptIds);
    if (promptIds.size() != workload.size()) {
      throw new IllegalArgumentException(
          "%d prompt ids for %d requests".formatted(promptIds.size(), workload.size()));
    }
  }

  /** A workload without texts; prompt ids are made from request ids. */
  public static WorkloadFolder of(Workload workload) {
    List<String> ids = workload.requests().stream().map(request -> "p" + request.id()).toList();
    return new WorkloadFolder(workload, ids, null);
  }

  /**
   * Reads a folder.
   *
   * @throws BadInputException naming file, line, column and value
   */
  public static WorkloadFolder read(Path folder) {
    Path lengthsFile = folder.resolve(LENGTHS);
    List<Located<Lengths>> lengths =
        RequestRows.read(
            lengthsFile,
            List.of("prompt_id", "num_prefill_tokens", "num_decode_tokens"),
            (id, row) ->
                new Lengths(
                    row.text("prompt_id") == null ? "" : row.text("prompt_id"),
                    OptionalColumns.request(
                        row,
                        id,
                        0,
                        row.integer("num_prefill_tokens", 1),
                        row.integer("num_decode_tokens", 1))));
    List<Located<Arrival>> arrivals = readArrivals(folder.resolve(INTERVALS));
    if (arrivals.size() != lengths.size()) {
      throw new BadInputException(
          "%s has %d requests, %s has %d. Maybe one of them was cut off."
              .formatted(lengthsFile, lengths.size(), folder.resolve(INTERVALS), arrivals.size()));
    }
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < lengths.size(); i++) {
      Request request = lengths.get(i).value().request();
      requests.add(
          new Request(
              i,
              arrivals.get(i).value().arrivalNanos(),
              request.promptTokens(),
              request.outputTokens(),
              request.promptBlocks(),
              request.priority(),
              request.session()));
    }
    List<String> promptIds = lengths.stream().map(row -> row.value().promptId()).toList();
    Map<String, String> prompts = readPrompts(folder.resolve(PROMPTS), promptIds);
    return new WorkloadFolder(new Workload(requests), promptIds, prompts);
  }

  private static List<Located<Arrival>> readArrivals(Path file) {
    List<Located<Arrival>> arrivals =
        RequestRows.read(
            file,
            List.of("inter_arrival_ns", "arrival_time_ns"),
            (id, row) -> new Arrival(row.nanos("inter_arrival_ns"), row.nanos("arrival_time_ns")));
    for (int i = 1; i < arrivals.size(); i++) {
      Arrival arrival = arrivals.get(i).value();
      long gap = arrival.arrivalNanos() - arrivals.get(i - 1).value().arrivalNanos();
      if (gap != arrival.interNanos()) {
        throw new BadInputException(
            "%s:%d: inter_arrival_ns (%d) is not the time since request %d (%d ns)"
                .formatted(file, arrivals.get(i).line(), arrival.interNanos(), i - 1, gap));
      }
    }
    return arrivals;
  }

  private static Map<String, String> readPrompts(Path file, List<String> promptIds) {
    if (!Files.exists(file)) {
      return null;
    }
    Map<String, String> prompts = new LinkedHashMap<>();
    try {
      int line = 0;
      for (String text : Files.readAllLines(file)) {
        line++;
        if (!text.isBlank()) {
          addPrompt(file, line, text, prompts);
        }
      }
    } catch (CharacterCodingException e) {
      throw new BadInputException("%s: not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int i = 0; i < promptIds.size(); i++) {
      if (!prompts.containsKey(promptIds.get(i))) {
        throw new BadInputException(
            "%s: no prompt for prompt_id (%s) of request %d".formatted(file, promptIds.get(i), i));
      }
    }
    return prompts;
  }

  private static void addPrompt(Path file, int line, String text, Map<String, String> prompts) {
    JsonNode tree;
    try {
      tree = Json.parseTree(file.toString(), text);
    } catch (BadInputException e) {
      throw new BadInputException(
          "%s:%d: not a JSON object on one line. Maybe the file was cut off.".formatted(file, line),
          e);
    }
    if (!tree.path("prompt_id").isTextual() || !tree.path("text").isTextual()) {
      throw new BadInputException(
          "%s:%d: needs the texts \"prompt_id\" and \"text\"".formatted(file, line));
    }
    String id = tree.path("prompt_id").textValue();
    if (prompts.put(id, tree.path("text").textValue()) != null) {
      throw new BadInputException("%s:%d: duplicate prompt_id (%s)".formatted(file, line, id));
    }
  }

  /** Writes the folder, which is created if it is absent. */
  public void write(Path folder) {
    try {
      Files.createDirectories(folder);
      writeLengths(folder.resolve(LENGTHS));
      writeIntervals(folder.resolve(INTERVALS));
      if (prompts != null) {
        Files.write(folder.resolve(PROMPTS), promptLines());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeLengths(Path file) throws IOException {
    OptionalColumns optional = OptionalColumns.of(workload);
    try (CsvWriter csv = TraceFiles.writer(file)) {
      List<String> header =
          new ArrayList<>(
              List.of("request_id", "prompt_id", "num_prefill_tokens", "num_decode_tokens"));
      header.addAll(optional.header());
      csv.writeRecord(header);
      for (Request request : workload.requests()) {
        List<String> row =
            new ArrayList<>(
                List.of(
                    Integer.toString(request.id()),
                    promptIds.get(request.id()),
                    Integer.toString(request.promptTokens()),
                    Integer.toString(request.outputTokens())));
        row.addAll(optional.fields(request));
        csv.writeRecord(row);
      }
    }
  }

  private void writeIntervals(Path file) throws IOException {
    try (CsvWriter csv = TraceFiles.writer(file)) {
      csv.writeRecord("request_id", "inter_arrival_ns", "arrival_time_ns");
      long previousNanos = 0;
      for (Request request : workload.requests()) {
        csv.writeRecord(
            Integer.toString(request.id()),
            Long.toString(request.arrivalNanos() - previousNanos),
            Long.toString(request.arrivalNanos()));
        previousNanos = request.arrivalNanos();
      }
    }
  }

  private List<String> promptLines() {
    List<String> lines = new ArrayList<>();
    prompts.forEach((id, text) -> lines.add(Json.write(new PromptLine(id, text))));
    return lines;
  }

  private record PromptLine(String promptId, String text) {}
}
