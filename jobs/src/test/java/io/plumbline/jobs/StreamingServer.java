package io.plumbline.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server of OpenAI's streaming API for tests: a token at once, then one every few ms. Prompts of
 * a certain length are refused.
 */
final class StreamingServer implements AutoCloseable {
  static final String MODEL = "test/served";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int refusedPromptTokens;

  /**
   * Starts on a free port.
   *
   * @param refusedPromptTokens prompts of that many tokens are answered with 429
   */
  StreamingServer(int refusedPromptTokens) throws IOException {
    this.refusedPromptTokens = refusedPromptTokens;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/models", exchange -> answer(exchange, 200, models()));
    server.createContext("/v1/completions", this::complete);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
  }

  private static String models() {
    return "{\"data\":[{\"id\":\"%s\",\"owned_by\":\"test\"}]}".formatted(MODEL);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void complete(HttpExchange exchange) throws IOException {
    JsonNode request = new ObjectMapper().readTree(exchange.getRequestBody());
    int promptTokens = request.get("prompt").size();
    if (promptTokens == refusedPromptTokens) {
      answer(exchange, 429, "too busy");
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      for (int k = 1; k <= request.get("max_tokens").intValue(); k++) {
        String chunk =
            "data: {\"choices\":[{\"text\":\"x\"}],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}\n\n";
        body.write(chunk.formatted(promptTokens, k).getBytes(StandardCharsets.UTF_8));
        body.flush();
        Thread.sleep(3);
      }
      body.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
