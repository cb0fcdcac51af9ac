package io.plumbline.files.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * An HTTP server that answers as a test says, down to the byte: it may lie, stop, or say nothing.
 */
final class ScriptedServer implements AutoCloseable {
  /** Names of headers without regard to case. */
  record Request(String target, Map<String, String> headers) {
    String header(String name) {
      return headers.get(name);
    }
  }

  /** How one request is answered; the connection is closed after it. */
  interface Script {
    void answer(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final Script script;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  ScriptedServer(Script script) {
    this.script = script;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      Request request = read(connection.getInputStream());
      if (request != null) {
        requests.add(request);
        script.answer(request, connection.getOutputStream());
      }
    } catch (IOException e) {
      // The client has left; a test sees that from its side.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return new Request(first.split(" ", -1)[1], headers);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  String origin() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  URI uri(String path) {
    return URI.create(origin() + path);
  }

  /** All so far. */
  List<Request> requests() {
    return requests;
  }

  /** A header of all requests so far, null where it was not sent. */
  List<String> headers(String name) {
    return Arrays.asList(requests.stream().map(r -> r.header(name)).toArray(String[]::new));
  }

  /** Says nothing more until the test is over. */
  void hang() throws InterruptedException {
    closed.await();
  }

  static void head(OutputStream out, int status, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 %d Whatever\r\n".formatted(status));
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    out.write(head.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  static void reply(OutputStream out, int status, String body, String... headers)
      throws IOException {
    reply(out, status, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  static void reply(OutputStream out, int status, byte[] body, String... headers)
      throws IOException {
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "Content-Length: " + body.length;
    head(out, status, all);
    out.write(body);
    out.flush();
  }

  /** As a good server does it: the range that is asked for, or all. */
  static void file(Request request, OutputStream out, byte[] content, String... headers)
      throws IOException {
    String range = request.header("Range");
    if (range == null) {
      reply(out, 200, content, headers);
      return;
    }
    int from = Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] =
        "Content-Range: bytes %d-%d/%d".formatted(from, content.length - 1, content.length);
    reply(out, 206, Arrays.copyOfRange(content, from, content.length), all);
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
