package io.plumbline.files.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * GET over HTTP. Redirects are followed by hand, so that a token stays with the hub it is for; and
 * through {@link HttpURLConnection}, since {@code java.net.http} has no limit for the time between
 * two reads, so a server that stops sending would hang a download for ever.
 */
final class Web {
  private static final int MAX_REDIRECTS = 10;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int PERMANENT_REDIRECT = 308;
  private static final int TEMPORARY_REDIRECT = 307;

  private final Duration timeout;

  /**
   * @param timeout for a connection, and for the next bytes of an answer
   */
  Web(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * An answer of 200, 206 or 416; the caller closes it.
   *
   * @throws TransientException if another try may do
   * @throws FetchException if it would not
   */
  Reply get(URI uri, Access access, Map<String, String> headers) throws IOException {
    URI at = uri;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpURLConnection connection = open(at, access, headers);
      int status = status(connection);
      switch (status) {
        case HttpURLConnection.HTTP_OK, HttpURLConnection.HTTP_PARTIAL, RANGE_NOT_SATISFIABLE -> {
          return new Reply(status, connection);
        }
        case HttpURLConnection.HTTP_MOVED_PERM,
            HttpURLConnection.HTTP_MOVED_TEMP,
            HttpURLConnection.HTTP_SEE_OTHER,
            TEMPORARY_REDIRECT,
            PERMANENT_REDIRECT -> {
          String location = connection.getHeaderField("Location");
          connection.disconnect();
          at = redirected(uri, at, location);
        }
        default -> {
          Duration retryAfter = retryAfter(connection.getHeaderField("Retry-After"));
          String said = connection.getHeaderField("X-Error-Message");
          connection.disconnect();
          String answer =
              "the server answered %d%s"
                  .formatted(status, said == null ? "" : ", \"%s\"".formatted(said));
          if (mayPass(status)) {
            throw new TransientException(answer, retryAfter);
          }
          throw refusal(status, "%s: %s".formatted(uri, answer), access);
        }
      }
    }
    throw new FetchException("%s: more than %d redirects".formatted(uri, MAX_REDIRECTS));
  }

  private HttpURLConnection open(URI uri, Access access, Map<String, String> headers)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout(Math.toIntExact(timeout.toMillis()));
    connection.setReadTimeout(Math.toIntExact(timeout.toMillis()));
    connection.setRequestProperty("User-Agent", "plumbline");
    headers.forEach(connection::setRequestProperty);
    access.headersFor(uri).forEach(connection::setRequestProperty);
    return connection;
  }

  private int status(HttpURLConnection connection) throws IOException {
    try {
      int status = connection.getResponseCode();
      if (status < 0) {
        throw new TransientException("the server does not speak HTTP");
      }
      return status;
    } catch (SocketTimeoutException e) {
      throw silent();
    }
  }

  private TransientException silent() {
    return new TransientException("nothing came for %d s".formatted(timeout.toSeconds()));
  }

  private static URI redirected(URI asked, URI at, String location) {
    URI next;
    try {
      next = at.resolve(String.valueOf(location));
    } catch (IllegalArgumentException e) {
      throw new FetchException("%s: redirects to no address: %s".formatted(asked, location), e);
    }
    boolean fromHttps = at.getScheme().equals("https");
    boolean web = "https".equals(next.getScheme()) || "http".equals(next.getScheme());
    if (location == null || !web || (fromHttps && !next.getScheme().equals("https"))) {
      throw new FetchException("%s: redirects to what is not HTTPS: %s".formatted(asked, location));
    }
    return next;
  }

  private static boolean mayPass(int status) {
    return status == TOO_MANY_REQUESTS
        || status == HttpURLConnection.HTTP_CLIENT_TIMEOUT
        || status >= HttpURLConnection.HTTP_INTERNAL_ERROR;
  }

  private static FetchException refusal(int status, String answer, Access access) {
    return switch (status) {
      case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
          new FetchException("%s: no access. %s".formatted(answer, access.advice()));
      case HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_GONE ->
          new FetchException(answer + ": there is no such file or revision");
      default -> new FetchException(answer);
    };
  }

  /** Seconds or a date; null if there is none or it is neither. */
  private static Duration retryAfter(String header) {
    if (header == null) {
      return null;
    }
    if (header.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(header));
    }
    try {
      Instant then = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), then);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The head of an answer, and its body to be read. */
  final class Reply implements AutoCloseable {
    private final int status;
    private final HttpURLConnection connection;

    private Reply(int status, HttpURLConnection connection) {
      this.status = status;
      this.connection = connection;
    }

    boolean isPartial() {
      return status == HttpURLConnection.HTTP_PARTIAL;
    }

    boolean isBeyondEnd() {
      return status == RANGE_NOT_SATISFIABLE;
    }

    /** Null if there is no such header. */
    String header(String name) {
      return connection.getHeaderField(name);
    }

    /** Announced size of the body; null if the server does not say. */
    Long lengthBytes() {
      long length = connection.getContentLengthLong();
      return length < 0 ? null : length;
    }

    /** The next bytes of the body; -1 at its end. */
    int read(byte[] buffer) throws IOException {
      try {
        return body().read(buffer);
      } catch (SocketTimeoutException e) {
        throw silent();
      }
    }

    byte[] readAll() throws IOException {
      try {
        return body().readAllBytes();
      } catch (SocketTimeoutException e) {
        throw silent();
      }
    }

    private InputStream body() throws IOException {
      return connection.getInputStream();
    }

    @Override
    public void close() {
      connection.disconnect();
    }
  }
}
