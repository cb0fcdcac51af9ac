package io.plumbline.files.fetch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A file at an address.
 *
 * @param path its name here
 * @param url HTTPS, or HTTP with a checksum, since nothing else would protect it
 * @param sizeBytes null if unknown
 * @param sha256 null if unknown
 */
record UrlFile(String path, String url, Long sizeBytes, String sha256) {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1");

  UrlFile {
    if (!Reference.isBelow(path)) {
      throw new IllegalArgumentException("path (%s) must be a relative one".formatted(path));
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("url (%s) is not one".formatted(url), e);
    }
    boolean plain = "http".equals(uri.getScheme());
    if (uri.getHost() == null || !(plain || "https".equals(uri.getScheme()))) {
      throw new IllegalArgumentException("url (%s) must be of HTTPS".formatted(url));
    }
    if (plain && sha256 == null && !THIS_MACHINE.contains(uri.getHost())) {
      throw new IllegalArgumentException(
          "sha256 must be given, since url (%s) is without TLS".formatted(url));
    }
    if (sha256 != null) {
      Checksum.sha256(sha256);
    }
    if (sizeBytes != null && sizeBytes < 0) {
      throw new IllegalArgumentException(
          "sizeBytes (%d) must not be negative".formatted(sizeBytes));
    }
  }

  /** A checksum may be unknown. */
  static Map<String, Object> defaultValues() {
    Map<String, Object> values = new HashMap<>();
    values.put("sha256", null);
    return values;
  }

  KnownFile known() {
    return new KnownFile(path, sizeBytes, sha256 == null ? null : Checksum.sha256(sha256));
  }
}
