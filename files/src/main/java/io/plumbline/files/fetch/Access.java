package io.plumbline.files.fetch;

import java.net.URI;
import java.util.Locale;
import java.util.Map;

/**
 * Who asks a server, and what to tell a person whom it refuses.
 *
 * @param endpoint the only origin that may see the headers: a redirect elsewhere must not take a
 *     token along; null if there are none
 * @param headers of the token
 * @param advice for 401 and 403
 */
record Access(URI endpoint, Map<String, String> headers, String advice) {
  static Access open(String advice) {
    return new Access(null, Map.of(), advice);
  }

  Map<String, String> headersFor(URI uri) {
    return endpoint != null && origin(endpoint).equals(origin(uri)) ? headers : Map.of();
  }

  /** Without the token, so that none gets into a message. */
  @Override
  public String toString() {
    return "access to " + endpoint;
  }

  private static String origin(URI uri) {
    int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    return uri.getScheme()
        + "://"
        + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT)
        + ":"
        + port;
  }
}
