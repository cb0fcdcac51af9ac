package io.plumbline.reference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server says about itself before it is asked for tokens.
 *
 * @param servedBy what serves them, e.g. {@code vllm}; null if unknown
 * @param version its version; null if unknown
 * @param http the version of HTTP that it speaks with this client
 */
record ServerFacts(String servedBy, String version, HttpClient.Version http) {
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /**
   * Asks a server.
   *
   * @throws BadInputException if it cannot be reached, refuses the key or lacks the model
   */
  static ServerFacts ask(Endpoint endpoint, String model) {
    URI uri = URI.create(endpoint.base() + "/models");
    Endpoint.Answer answer = endpoint.get(uri);
    if (answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN) {
      throw new BadInputException(
          "%s: HTTP %d: %s. Maybe name the environment variable of an API key in api_key_env."
              .formatted(uri, answer.status(), Failures.shortened(answer.text())));
    }
    JsonNode listed = answer.status() == OK ? json(answer.text()).path("data") : null;
    if (listed == null || !listed.isArray()) {
      // Some gateways do not list their models; the probe will show whether they have this one.
      return new ServerFacts(null, version(endpoint), answer.version());
    }
    List<String> models = new ArrayList<>();
    String servedBy = null;
    for (JsonNode entry : listed) {
      models.add(entry.path("id").asText());
      if (entry.path("id").asText().equals(model)) {
        servedBy = entry.path("owned_by").asText(null);
      }
    }
    if (!models.contains(model)) {
      throw new BadInputException(
          "%s does not serve model %s; it serves: %s. Maybe set model in engine to that name."
              .formatted(endpoint.base(), model, String.join(", ", models)));
    }
    return new ServerFacts(servedBy, version(endpoint), answer.version());
  }

  /** vLLM and TensorRT-LLM tell theirs beside the API. */
  private static String version(Endpoint endpoint) {
    String root = endpoint.base().toString().replaceAll("/v1$", "");
    Endpoint.Answer answer = endpoint.get(URI.create(root + "/version"));
    return answer.status() == OK ? json(answer.text()).path("version").asText(null) : null;
  }

  private static JsonNode json(String text) {
    try {
      return Json.parseTree("answer", text);
    } catch (BadInputException e) {
      return MissingNode.getInstance();
    }
  }
}
