package io.plumbline.jobs.dashboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.TableFiles;
import io.plumbline.jobs.table.TableFiles.TableFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves the page, the list of Parquet files, and these files, on the loopback address alone. It
 * only reads, and only files that belong to tables.
 */
public final class DashboardServer implements AutoCloseable {
  private static final String ECHARTS =
      "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "parquet", "application/vnd.apache.parquet");

  private static final int THREADS = 4;

  private final Path resultsDir;
  private final TableFiles tables;
  private final HttpServer server;

  /** Paths of the files that the page was told of last. */
  private volatile Set<String> listed = Set.of();

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  /**
   * Starts to serve.
   *
   * @param port port to listen on; 0 takes a free one
   * @throws BadInputException if the port is taken
   */
  public DashboardServer(Path resultsDir, int port) throws IOException {
    this.resultsDir = resultsDir.toAbsolutePath().normalize();
    this.tables = new TableFiles(this.resultsDir);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (BindException e) {
      throw new BadInputException(
          "port %d of this machine is taken. Maybe by another dashboard; --port names another one."
              .formatted(port),
          e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** Where the page is. */
  public String url() {
    return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (!exchange.getRequestMethod().equals("GET") || !isAskedOnLoopback(exchange)) {
        exchange.sendResponseHeaders(403, -1);
      } else if (path.equals("/tables.json")) {
        send(exchange, "json", new ObjectMapper().writeValueAsBytes(list()));
      } else if (path.startsWith("/results/")) {
        sendFile(exchange, path.substring("/results/".length()));
      } else {
        sendPart(exchange, path.equals("/") ? "index.html" : path.substring(1));
      }
    }
  }

  /** Refuses pages of other sites that have a name of theirs point to this machine. */
  private static boolean isAskedOnLoopback(HttpExchange exchange) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    return host != null && host.matches("(127\\.0\\.0\\.1|localhost|\\[::1\\])(:\\d+)?");
  }

  private Map<String, List<TableFile>> list() {
    Map<String, List<TableFile>> files = tables.byTable();
    Set<String> paths = new HashSet<>();
    files.values().forEach(some -> some.forEach(file -> paths.add(file.path())));
    listed = paths;
    return files;
  }

  private void sendFile(HttpExchange exchange, String name) throws IOException {
    if (!listed.contains(name)) {
      list();
    }
    if (!listed.contains(name)) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    Path file = resultsDir.resolve(name);
    exchange.getResponseHeaders().set("Content-Type", TYPES.get("parquet"));
    exchange.sendResponseHeaders(200, Files.size(file));
    try (OutputStream body = exchange.getResponseBody()) {
      Files.copy(file, body);
    }
  }

  private static void sendPart(HttpExchange exchange, String name) throws IOException {
    String suffix = name.substring(name.lastIndexOf('.') + 1);
    boolean isPlain = name.matches("[a-z.]+") && TYPES.containsKey(suffix);
    try (InputStream in =
        !isPlain
            ? null
            : DashboardServer.class.getResourceAsStream(
                name.equals("echarts.min.js") ? ECHARTS : "/io/plumbline/jobs/dashboard/" + name)) {
      if (in == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      send(exchange, suffix, in.readAllBytes());
    }
  }

  private static void send(HttpExchange exchange, String suffix, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", TYPES.get(suffix));
    exchange.getResponseHeaders().set("Cache-Control", "no-cache");
    exchange
        .getResponseHeaders()
        .set("Content-Security-Policy", "default-src 'self' 'unsafe-inline' data:");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
