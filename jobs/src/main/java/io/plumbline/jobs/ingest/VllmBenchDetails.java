package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The lists of a result of {@code vllm bench serve --save-detailed}, one value per request, all in
 * seconds of the client's clock.
 */
final class VllmBenchDetails {
  private static final double NANOS_PER_SECOND = 1e9;

  private final String where;
  private double[] inputLens;
  private double[] outputLens;
  private double[] startTimes;
  private double[] ttfts;
  private double[] latencies;
  private List<double[]> itls;
  private int leftOut;

  VllmBenchDetails(String where) {
    this.where = where;
  }

  /** Reads the value of a key if it is one of the lists; the parser stands on the value. */
  boolean read(String key, JsonParser parser) throws IOException {
    switch (key) {
      case "input_lens" -> inputLens = numbers(key, parser);
      case "output_lens" -> outputLens = numbers(key, parser);
      case "start_times" -> startTimes = numbers(key, parser);
      case "ttfts" -> ttfts = numbers(key, parser);
      case "latencies" -> latencies = numbers(key, parser);
      case "itls" -> itls = lists(key, parser);
      case "queue_times", "generated_texts", "errors" -> parser.skipChildren();
      default -> {
        return false;
      }
    }
    return true;
  }

  private double[] numbers(String key, JsonParser parser) throws IOException {
    requireList(key, parser);
    DoubleStream.Builder numbers = DoubleStream.builder();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isNumeric()) {
        throw new BadInputException("%s: %s must hold numbers".formatted(where, key));
      }
      numbers.add(parser.getDoubleValue());
    }
    return numbers.build().toArray();
  }

  private List<double[]> lists(String key, JsonParser parser) throws IOException {
    requireList(key, parser);
    List<double[]> lists = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      lists.add(numbers(key, parser));
    }
    return lists;
  }

  private void requireList(String key, JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new BadInputException("%s: %s must be a list".formatted(where, key));
    }
  }

  /** The requests that succeeded; none if the file does not say when they were sent. */
  RequestLog requests() {
    RequestLog log = new RequestLog();
    leftOut = 0;
    if (startTimes == null || ttfts == null || outputLens == null || inputLens == null) {
      return log;
    }
    if (latencies == null && itls == null) {
      return log;
    }
    requireSameLength("input_lens", inputLens.length);
    requireSameLength("output_lens", outputLens.length);
    requireSameLength("ttfts", ttfts.length);
    requireSameLength("latencies", latencies == null ? startTimes.length : latencies.length);
    requireSameLength("itls", itls == null ? startTimes.length : itls.size());
    double first = DoubleStream.of(startTimes).min().orElse(0);
    for (int i = 0; i < startTimes.length; i++) {
      // What failed has no length: 0 tokens came, and what was asked for is not written down.
      if (outputLens[i] < 1 || inputLens[i] < 1) {
        leftOut++;
      } else {
        add(log, i, startTimes[i] - first);
      }
    }
    return log;
  }

  private void requireSameLength(String key, int length) {
    if (length != startTimes.length) {
      throw new BadInputException(
          "%s: %s has %d values, start_times %d. Maybe the file was changed."
              .formatted(where, key, length, startTimes.length));
    }
  }

  private void add(RequestLog log, int i, double start) {
    double[] gaps = itls == null ? null : itls.get(i);
    double latency = latencies == null ? ttfts[i] + DoubleStream.of(gaps).sum() : latencies[i];
    RequestLog.Entry entry =
        log.add(
            "%s: request %d".formatted(where, i),
            nanos(start),
            (int) inputLens[i],
            (int) outputLens[i]);
    // A server that does not stream has no first token that a client could see.
    if (ttfts[i] > 0) {
      entry.firstToken(nanos(start + ttfts[i])).tokens(tokens(start + ttfts[i], gaps, i));
    }
    entry.completed(nanos(start + latency));
  }

  /** One time per token, if every chunk was a token. */
  private long[] tokens(double first, double[] gaps, int i) {
    if (gaps == null || gaps.length != (int) outputLens[i] - 1) {
      return null;
    }
    long[] nanos = new long[gaps.length + 1];
    double time = first;
    nanos[0] = nanos(time);
    for (int t = 0; t < gaps.length; t++) {
      time += gaps[t];
      nanos[t + 1] = nanos(time);
    }
    return nanos;
  }

  private static long nanos(double seconds) {
    return Math.round(seconds * NANOS_PER_SECOND);
  }

  /** Requests that {@link #requests} left out. */
  int leftOut() {
    return leftOut;
  }
}
