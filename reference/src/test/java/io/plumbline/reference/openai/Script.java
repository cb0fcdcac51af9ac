package io.plumbline.reference.openai;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What a {@link TimedServer} does with a request, each thing at a time in ns since it was received;
 * after the last thing, nothing more happens on the connection.
 */
public final class Script {
  /** What is done to the connection. */
  enum Act {
    WRITE,
    /** A write whose time is kept. */
    WRITE_EVENT,
    CLOSE,
    RESET
  }

  record Step(long atNanos, Act act, byte[] bytes) {}

  private static final String STREAM_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final List<Step> steps = new ArrayList<>();
  private final List<Long> eventNanoTimes = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> eventDelays = Collections.synchronizedList(new ArrayList<>());

  /** A whole answer at once. */
  public static Script json(int status, String body) {
    return new Script()
        .write(
            0,
            "HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, body.getBytes(StandardCharsets.UTF_8).length, body));
  }

  /** A stream of one token per event, as vLLM sends it, with counts in each or only at the end. */
  public static Script tokens(
      TimedServer.Received request, long ttftNanos, long gapNanos, boolean countsInEach) {
    Script script = new Script().head(0);
    int tokens = request.maxTokens();
    for (int k = 0; k < tokens; k++) {
      script.event(
          ttftNanos + k * gapNanos,
          token(" t" + k, k == tokens - 1 ? "\"length\"" : "null")
              .formatted(countsInEach ? usage(request.promptTokens(), k + 1) : "null"));
    }
    long end = ttftNanos + (tokens - 1) * gapNanos;
    return script
        .chunk(
            end,
            data("{\"choices\":[],\"usage\":%s}".formatted(usage(request.promptTokens(), tokens))))
        .done(end);
  }

  /** JSON of a chunk with a place for its usage. */
  static String token(String text, String finishReason) {
    return "{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":"
        + "[{\"index\":0,\"text\":\""
        + text
        + "\",\"logprobs\":null,\"finish_reason\":"
        + finishReason
        + "}],\"usage\":%s}";
  }

  static String usage(int promptTokens, int completionTokens) {
    return "{\"prompt_tokens\":%d,\"total_tokens\":%d,\"completion_tokens\":%d}"
        .formatted(promptTokens, promptTokens + completionTokens, completionTokens);
  }

  static String data(String json) {
    return "data: " + json + "\n\n";
  }

  Script head(long atNanos) {
    return write(atNanos, STREAM_HEAD);
  }

  /** An event whose time of writing is kept. */
  Script event(long atNanos, String json) {
    steps.add(new Step(atNanos, Act.WRITE_EVENT, chunked(data(json))));
    return this;
  }

  /** Part of a chunked body. */
  Script chunk(long atNanos, String text) {
    steps.add(new Step(atNanos, Act.WRITE, chunked(text)));
    return this;
  }

  /** The same of bytes, which may be half a character. */
  Script chunkBytes(long atNanos, byte[] bytes, int from, int to) {
    steps.add(new Step(atNanos, Act.WRITE, chunked(Arrays.copyOfRange(bytes, from, to))));
    return this;
  }

  Script done(long atNanos) {
    return chunk(atNanos, data("[DONE]")).end(atNanos);
  }

  /** The regular end of a chunked body. */
  Script end(long atNanos) {
    return write(atNanos, "0\r\n\r\n");
  }

  Script write(long atNanos, String bytes) {
    steps.add(new Step(atNanos, Act.WRITE, bytes.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  Script close(long atNanos) {
    steps.add(new Step(atNanos, Act.CLOSE, null));
    return this;
  }

  Script reset(long atNanos) {
    steps.add(new Step(atNanos, Act.RESET, null));
    return this;
  }

  private static byte[] chunked(String text) {
    return chunked(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] chunked(byte[] bytes) {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    chunk.writeBytes("%x\r\n".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII));
    chunk.writeBytes(bytes);
    chunk.writeBytes(new byte[] {'\r', '\n'});
    return chunk.toByteArray();
  }

  List<Step> steps() {
    return steps;
  }

  void wroteEvent(long nanoTime, long dueNanoTime) {
    eventNanoTimes.add(nanoTime);
    eventDelays.add(nanoTime - dueNanoTime);
  }

  /** {@link System#nanoTime()} just before each event was written. */
  List<Long> eventNanoTimes() {
    return List.copyOf(eventNanoTimes);
  }

  /** How late each event was written, in ns: the machine's own share. */
  List<Long> eventDelays() {
    return List.copyOf(eventDelays);
  }
}
