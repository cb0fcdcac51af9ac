package io.plumbline.reference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A real HTTP/1.1 server for tests, which follows a {@link Script} for each request and knows when
 * it wrote what. Two threads serve any number of streams: one reads, one writes on time.
 */
public final class TimedServer implements AutoCloseable {
  public static final String MODEL = "test/model";

  /** What the fake tokenizer adds to every text. */
  static final int TEXT_OVERHEAD_TOKENS = 3;

  /** A request as it came. */
  public record Received(String method, String path, Map<String, String> headers, JsonNode body) {
    int maxTokens() {
      return body.path("max_tokens").intValue();
    }

    /** Ids are counted; of a text, words of up to six letters are one token, longer ones two. */
    int promptTokens() {
      JsonNode prompt = body.has("prompt") ? body.get("prompt") : body.at("/messages/0/content");
      if (prompt.isArray()) {
        return prompt.size();
      }
      return TEXT_OVERHEAD_TOKENS
          + Arrays.stream(prompt.textValue().split(" ", -1))
              .mapToInt(word -> word.length() <= 6 ? 1 : 2)
              .sum();
    }
  }

  /** A request and what was done with it. */
  public record Exchanged(Received request, Script script) {}

  private record Timed(
      long nanoTime, int sequence, Connection connection, Script.Step step, Script script)
      implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      Timed that = (Timed) other;
      int byTime = Long.compare(nanoTime - that.nanoTime, 0);
      return byTime != 0 ? byTime : Integer.compare(sequence, that.sequence);
    }
  }

  private final Function<Received, Script> completions;
  private final ServerSocketChannel listener;
  private final Selector selector;
  private final DelayQueue<Timed> due = new DelayQueue<>();
  private final AtomicInteger sequence = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();
  private final List<Exchanged> exchanged = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> threads;

  /**
   * Starts on a free port.
   *
   * @param completions what is done with requests for tokens; all others are answered by itself
   */
  public TimedServer(Function<Received, Script> completions) throws IOException {
    this.completions = completions;
    this.selector = Selector.open();
    this.listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    this.threads =
        List.of(new Thread(this::read, "server reads"), new Thread(this::write, "server writes"));
    for (Thread thread : threads) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  public URI base() {
    return URI.create("http://127.0.0.1:%d/v1".formatted(listener.socket().getLocalPort()));
  }

  /** Requests for tokens so far, in the order they came. */
  public List<Exchanged> exchanged() {
    return List.copyOf(exchanged);
  }

  /** Most connections that were open at once. */
  int mostOpen() {
    return mostOpen.get();
  }

  private final class Connection {
    final SocketChannel channel;
    byte[] bytes = new byte[4096];
    int length;

    Connection(SocketChannel channel) {
      this.channel = channel;
      mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    }

    void close() {
      if (channel.isOpen()) {
        open.decrementAndGet();
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try {
      while (selector.isOpen()) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid() && key.isAcceptable()) {
            accept();
          } else if (key.isValid()) {
            read((Connection) key.attachment(), buffer);
          }
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException | ClosedSelectorException | CancelledKeyException e) {
      // The server was closed.
    }
  }

  private void accept() throws IOException {
    for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
    }
  }

  private void read(Connection connection, ByteBuffer buffer) {
    buffer.clear();
    int count;
    try {
      count = connection.channel.read(buffer);
    } catch (IOException e) {
      count = -1;
    }
    if (count < 0) {
      connection.close();
      return;
    }
    int needed = connection.length + count;
    if (needed > connection.bytes.length) {
      connection.bytes = Arrays.copyOf(connection.bytes, 2 * needed);
    }
    buffer.flip();
    buffer.get(connection.bytes, connection.length, count);
    connection.length = needed;
    takeRequest(connection);
  }

  /** One at a time: the client sends the next one on a connection after the answer. */
  private void takeRequest(Connection connection) {
    String text = new String(connection.bytes, 0, connection.length, StandardCharsets.ISO_8859_1);
    int head = text.indexOf("\r\n\r\n");
    if (head < 0) {
      return;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    String[] lines = text.substring(0, head).split("\r\n", -1);
    for (int i = 1; i < lines.length; i++) {
      String[] header = lines[i].split(": ", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
    }
    int bodyLength = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    if (connection.length < head + 4 + bodyLength) {
      return;
    }
    String[] words = lines[0].split(" ", -1);
    Received request =
        new Received(
            words[0],
            words[1],
            headers,
            bodyLength == 0 ? null : json(connection.bytes, head + 4, bodyLength));
    connection.length = 0;
    play(connection, script(request));
  }

  private static JsonNode json(byte[] bytes, int from, int length) {
    try {
      return new ObjectMapper().readTree(bytes, from, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Script script(Received request) {
    if (request.path().equals("/v1/models")) {
      return Script.json(
          200, "{\"data\":[{\"id\":\"%s\",\"owned_by\":\"timed\"}]}".formatted(MODEL));
    }
    if (request.path().equals("/version")) {
      return Script.json(200, "{\"version\":\"1.2.3\"}");
    }
    Script script = completions.apply(request);
    exchanged.add(new Exchanged(request, script));
    return script;
  }

  private void play(Connection connection, Script script) {
    long now = System.nanoTime();
    for (Script.Step step : script.steps()) {
      due.add(
          new Timed(now + step.atNanos(), sequence.incrementAndGet(), connection, step, script));
    }
  }

  private void write() {
    try {
      while (true) {
        Timed next = due.take();
        try {
          act(next);
        } catch (IOException e) {
          next.connection().close();
        }
      }
    } catch (InterruptedException e) {
      // The server was closed.
      Thread.currentThread().interrupt();
    }
  }

  private static void act(Timed next) throws IOException {
    SocketChannel channel = next.connection().channel;
    switch (next.step().act()) {
      case WRITE -> writeFully(channel, next.step().bytes());
      case WRITE_EVENT -> {
        next.script().wroteEvent(System.nanoTime(), next.nanoTime());
        writeFully(channel, next.step().bytes());
      }
      case CLOSE -> next.connection().close();
      case RESET -> {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        next.connection().close();
      }
    }
  }

  private static void writeFully(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  @Override
  public void close() throws IOException {
    threads.get(1).interrupt();
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
