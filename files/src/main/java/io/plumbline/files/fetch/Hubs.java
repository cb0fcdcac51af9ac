package io.plumbline.files.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The interfaces of Hugging Face and ModelScope, as far as a list of files needs them. */
final class Hubs {
  private static final Pattern NEXT_LINK = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"?next\"?");

  private final FetchEnvironment environment;
  private final Web web;
  private final Retries retries;

  Hubs(FetchEnvironment environment, Web web, Retries retries) {
    this.environment = environment;
    this.web = web;
    this.retries = retries;
  }

  /**
   * A page of an answer.
   *
   * @param next address of the next page; null on the last
   */
  record Page(JsonNode json, URI next) {}

  URI huggingFace() {
    return environment.huggingFace();
  }

  URI modelScope() {
    return environment.modelScope();
  }

  Access huggingFaceAccess(URI licencePage) {
    String token = environment.huggingFaceToken();
    return new Access(
        huggingFace(),
        token == null ? Map.of() : Map.of("Authorization", "Bearer " + token),
        advice("HF_TOKEN", token, licencePage, huggingFace() + "/settings/tokens"));
  }

  Access modelScopeAccess(URI licencePage) {
    String token = environment.modelScopeToken();
    return new Access(
        modelScope(),
        // Its older interface, which downloads use, knows the token as a cookie.
        token == null
            ? Map.of()
            : Map.of("Authorization", "Bearer " + token, "Cookie", "m_session_id=" + token),
        advice("MODELSCOPE_API_TOKEN", token, licencePage, modelScope() + "/my/myaccesstoken"));
  }

  private static String advice(String variable, String token, URI licencePage, String tokenPage) {
    return token == null
        ? "Maybe accept the licence at %s, then set %s to a token from %s; or there is no such repository."
            .formatted(licencePage, variable, tokenPage)
        : "Maybe accept the licence at %s with the account of %s, or take a new token from %s; or there is no such repository."
            .formatted(licencePage, variable, tokenPage);
  }

  /** Asks for JSON. */
  Page page(URI uri, Access access) {
    return retries.call(
        uri.toString(),
        () -> {
          try (Web.Reply reply = web.get(uri, access, Map.of("Accept", "application/json"))) {
            String text = new String(reply.readAll(), StandardCharsets.UTF_8);
            return new Page(Json.parseTree(uri.toString(), text), next(uri, reply.header("Link")));
          } catch (BadInputException e) {
            throw new FetchException("%s: the answer is not JSON".formatted(uri), e);
          }
        });
  }

  private static URI next(URI uri, String link) {
    Matcher next = NEXT_LINK.matcher(link == null ? "" : link);
    return next.find() ? uri.resolve(next.group(1)) : null;
  }

  /** The text of a key of an answer. */
  static String text(Page page, String key) {
    JsonNode value = page.json().path(key);
    if (!value.isTextual()) {
      throw new FetchException("the hub's answer has no %s: %s".formatted(key, page.json()));
    }
    return value.asText();
  }

  static boolean isCommit(String revision) {
    return revision.matches("[0-9a-f]{40}");
  }

  static void requireRepository(String repository) {
    if (!repository.matches("[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException(
          "repository (%s) must be owner/name".formatted(repository));
    }
  }

  /** A value as one segment of a path or as a value of a query. */
  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A path with its slashes. */
  static String encodedPath(String path) {
    try {
      return new URI(null, null, "/" + path, null).toASCIIString().substring(1);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("path (%s) fits no address".formatted(path), e);
    }
  }
}
