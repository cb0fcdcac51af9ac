package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.JsonFields;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.run.IterationTiming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Vidur's {@code chrome_trace.json}: one event per batch and stage, in the order in which the
 * stages end; times in microseconds.
 */
final class VidurTrace {
  private static final double SECONDS_PER_MICRO = 1e-6;

  private final String file;
  private final int[] promptTokens;
  private final int[] processedTokens;
  private final Integer[] replicas;
  private final Double[] firstStartSeconds;

  /** Prompt and decode tokens by batch id. */
  private final Map<Long, int[]> batchTokens = new HashMap<>();

  /** Whether tokens were counted from the events because no file has them. */
  private boolean counted;

  private final List<IterationTiming> iterations = new ArrayList<>();

  private VidurTrace(String file, int[] promptTokens) {
    this.file = file;
    this.promptTokens = promptTokens;
    this.processedTokens = new int[promptTokens.length];
    this.replicas = new Integer[promptTokens.length];
    this.firstStartSeconds = new Double[promptTokens.length];
  }

  /**
   * Reads the trace; one that is not there has nothing in it.
   *
   * @param batches {@code batch_metrics.csv}, which need not be there
   * @param promptTokens prompts by request id
   * @param restarted whether any request started over, which no event tells
   */
  static VidurTrace read(Path trace, Path batches, int[] promptTokens, boolean restarted) {
    VidurTrace read = new VidurTrace(trace.toString(), promptTokens);
    if (Files.exists(trace)) {
      if (Files.exists(batches)) {
        read.readBatches(batches);
      }
      Json.stream(trace, read::events);
      if (restarted && read.counted) {
        // What is computed again after a restart is prompt once more, and no event tells.
        read.iterations.clear();
      }
    }
    read.iterations.sort(
        Comparator.comparingLong(IterationTiming::startNanos)
            .thenComparingLong(IterationTiming::iteration)
            .thenComparingInt(IterationTiming::stage));
    return read;
  }

  private void readBatches(Path file) {
    new CsvTable(file, "Batch Id", "batch_num_prefill_tokens", "batch_num_decode_tokens")
        .forEach(
            row ->
                batchTokens.put(
                    row.count("Batch Id"),
                    new int[] {
                      row.integer("batch_num_prefill_tokens", 0),
                      row.integer("batch_num_decode_tokens", 0)
                    }));
  }

  private Void events(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT
        || !"traceEvents".equals(parser.nextFieldName())
        || parser.nextToken() != JsonToken.START_ARRAY) {
      throw new BadInputException("%s: must begin with {\"traceEvents\": [".formatted(file));
    }
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      String where = "%s: event %d".formatted(file, iterations.size() + 1);
      JsonNode event = parser.readValueAsTree();
      add(JsonFields.of(where, event));
    }
    while (parser.nextToken() != null) {
      // To its end, so that a file that was cut off is seen.
    }
    return null;
  }

  private void add(JsonFields event) {
    JsonFields args = event.object("args");
    double start = event.requiredDecimal("ts").doubleValue() * SECONDS_PER_MICRO;
    double duration = event.requiredDecimal("dur").doubleValue() * SECONDS_PER_MICRO;
    int replica = event.requiredInteger("pid", 0);
    long batch = args.requiredInteger("batch_id", 0);
    int[] split = batchTokens.get(batch);
    if (split == null) {
      split = new int[2];
      batchTokens.put(batch, split);
      counted = true;
      count(args, split);
    }
    for (JsonNode request : args.node().path("request_ids")) {
      int id = requireKnown(args, request.intValue());
      replicas[id] = replica;
      if (firstStartSeconds[id] == null) {
        firstStartSeconds[id] = start;
      }
    }
    iterations.add(
        new IterationTiming(
            replica,
            event.requiredInteger("tid", 0),
            batch,
            VidurImporter.nanos(start),
            VidurImporter.nanos(duration),
            args.requiredInteger("batch_size", 1),
            split[0],
            split[1],
            null));
  }

  /** Tokens of a request are prompt until there are as many as its prompt has. */
  private void count(JsonFields args, int[] split) {
    JsonNode requests = args.node().path("request_ids");
    JsonNode tokens = args.node().path("num_tokens");
    if (requests.size() != tokens.size()) {
      throw args.bad("num_tokens", "must have one number per request of request_ids");
    }
    for (int i = 0; i < requests.size(); i++) {
      int id = requireKnown(args, requests.get(i).intValue());
      split[processedTokens[id] < promptTokens[id] ? 0 : 1] += tokens.get(i).intValue();
      processedTokens[id] += tokens.get(i).intValue();
    }
  }

  private int requireKnown(JsonFields args, int request) {
    if (request < 0 || request >= promptTokens.length) {
      throw args.bad(
          "request_ids",
          "names a request (%d) that request_metrics.csv does not have".formatted(request));
    }
    return request;
  }

  /** The iterations by start of their stage. */
  List<IterationTiming> iterations() {
    return iterations;
  }

  /** The replica that served a request; null if the trace does not say. */
  Integer replica(int request) {
    return replicas[request];
  }

  /** When the first iteration of a request started; null if the trace does not say. */
  Double firstStartSeconds(int request) {
    return firstStartSeconds[request];
  }
}
