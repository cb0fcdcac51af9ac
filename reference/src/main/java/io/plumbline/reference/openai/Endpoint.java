package io.plumbline.reference.openai;

import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server's address with a client for it; thousands of streams may be open at once. */
public final class Endpoint implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  static {
    // The client would send again by itself what could not connect: no retry is hidden here.
    setDefault("jdk.httpclient.disableRetryConnect", "true");
    // Servers close idle connections after 5 s and more. One that is closed while a request is on
    // its way would be an error that the server has no part in.
    setDefault("jdk.httpclient.keepalive.timeout", "2");
  }

  private final URI base;
  private final String apiKey;
  private final HttpClient client;
  private final ExecutorService executor;

  /**
   * @param base what comes before {@code /completions}, e.g. {@code http://host:8000/v1}
   * @param apiKey sent as a bearer token; null for none
   */
  public Endpoint(URI base, String apiKey, HttpClient.Version version) {
    this.base = base;
    this.apiKey = apiKey;
    this.executor = Executors.newFixedThreadPool(threads(), Endpoint::daemon);
    this.client =
        HttpClient.newBuilder()
            .version(version)
            .executor(executor)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static int threads() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "http");
    thread.setDaemon(true);
    return thread;
  }

  URI base() {
    return base;
  }

  /** An answer that was read whole. */
  record Answer(int status, HttpClient.Version version, String text) {}

  /**
   * Asks and waits.
   *
   * @throws BadInputException if the server cannot be reached
   */
  Answer get(URI uri) {
    return answer(request(uri).GET().timeout(ANSWER_TIMEOUT).build());
  }

  /** The same with a body, below the base. */
  Answer post(String path, byte[] body) {
    return answer(
        request(below(path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .timeout(ANSWER_TIMEOUT)
            .build());
  }

  private Answer answer(HttpRequest request) {
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.version(), withoutKey(response.body()));
    } catch (IOException e) {
      throw new BadInputException(
          "cannot reach %s: %s. Maybe the server is not up yet, or url is wrong."
              .formatted(request.uri(), Failures.describe(e)),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + request.uri(), e);
    }
  }

  /** Sends an exchange's body below the base; the exchange learns what becomes of it. */
  CompletableFuture<HttpResponse<Void>> send(String path, byte[] body, Exchange exchange) {
    HttpRequest request =
        request(below(path))
            .header("Accept", "text/event-stream")
            .POST(new SentBody(body, exchange::sent))
            .build();
    return client.sendAsync(request, exchange);
  }

  private URI below(String path) {
    return URI.create(base + path);
  }

  private HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).header("Content-Type", "application/json");
    return apiKey == null ? request : request.header("Authorization", "Bearer " + apiKey);
  }

  /** A text of the server's, which may repeat what it was sent. */
  String withoutKey(String text) {
    return apiKey == null || text == null ? text : text.replace(apiKey, "(api key)");
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
