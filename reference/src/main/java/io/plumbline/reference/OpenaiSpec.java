package io.plumbline.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.plumbline.reference.openai.Api;
import io.plumbline.reference.openai.Endpoint;
import io.plumbline.reference.openai.EndpointReplay;
import io.plumbline.reference.openai.Patience;
import io.plumbline.reference.openai.PromptForm;
import io.plumbline.reference.openai.RequestForm;
import io.plumbline.reference.replay.PreparedRun;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Workload;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A server that speaks OpenAI's streaming API: vLLM, SGLang, TensorRT-LLM, llama.cpp and others.
 *
 * @param url what comes before {@code /completions}, e.g. {@code http://localhost:8000/v1}
 * @param model the model as the server names it; null: as its card does
 * @param api which of the server's APIs
 * @param prompts what prompts are made of
 * @param device what the server runs on, e.g. {@code NVIDIA H100}; null if unknown
 * @param apiKeyEnv environment variable with the API key; null: none is sent. The key itself is
 *     never written anywhere
 * @param httpVersion {@code http_1_1}, a connection per stream, or {@code http_2}, many streams on
 *     one where the server can
 * @param ignoreEos as in {@link RequestForm}
 * @param continuousUsage as in {@link RequestForm}
 * @param extraBody as in {@link RequestForm}
 * @param timeoutSeconds as in {@link Patience}
 * @param retries as in {@link Patience}
 * @param retryDelaySeconds as in {@link Patience}
 * @param seed sampling seed
 * @param warmupRequests requests served all at once before the clock starts; they also get this
 *     client up to speed
 */
public record OpenaiSpec(
    String url,
    String model,
    Api api,
    PromptForm prompts,
    String device,
    String apiKeyEnv,
    HttpClient.Version httpVersion,
    boolean ignoreEos,
    boolean continuousUsage,
    JsonNode extraBody,
    double timeoutSeconds,
    int retries,
    double retryDelaySeconds,
    int seed,
    int warmupRequests)
    implements EngineSpec {
  private static final double NANOS_PER_SECOND = 1e9;

  public OpenaiSpec {
    requireUrl(url);
    if (api == Api.CHAT && prompts == PromptForm.TOKEN_IDS) {
      throw new IllegalArgumentException(
          "prompts (token_ids) cannot be had with api chat. Maybe use prompts: text.");
    }
    if (apiKeyEnv != null && !apiKeyEnv.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      // Not quoted: it may be the key itself.
      throw new IllegalArgumentException(
          "apiKeyEnv must be the name of an environment variable, not a key");
    }
    requireAtLeast("timeoutSeconds", timeoutSeconds, Double.MIN_VALUE);
    requireAtLeast("retries", retries, 0);
    requireAtLeast("retryDelaySeconds", retryDelaySeconds, 0);
    requireAtLeast("warmupRequests", warmupRequests, 0);
    new RequestForm(api, "", ignoreEos, continuousUsage, seed, extraBody);
  }

  private static void requireUrl(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("url (%s) is no URL".formatted(url), e);
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getQuery() != null || url.endsWith("/")) {
      throw new IllegalArgumentException(
          "url (%s) must be like http://localhost:8000/v1, without a slash at the end"
              .formatted(url));
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "url must not hold a password, as it is recorded. Maybe use api_key_env.");
    }
  }

  private static void requireAtLeast(String name, double value, double least) {
    if (!(value >= least)) {
      throw new IllegalArgumentException(
          "%s (%s) must be %s"
              .formatted(name, plain(value), least > 0 ? "positive" : "zero or more"));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** Everything but the address. */
  public static Map<String, Object> defaultValues() {
    Map<String, Object> values = new HashMap<>();
    values.put("model", null);
    values.put("api", Api.COMPLETIONS);
    values.put("prompts", PromptForm.TOKEN_IDS);
    values.put("device", null);
    values.put("apiKeyEnv", null);
    values.put("httpVersion", HttpClient.Version.HTTP_1_1);
    values.put("ignoreEos", true);
    values.put("continuousUsage", true);
    values.put("extraBody", JsonNodeFactory.instance.objectNode());
    values.put("timeoutSeconds", 600.0);
    values.put("retries", 0);
    values.put("retryDelaySeconds", 1.0);
    values.put("seed", 0);
    values.put("warmupRequests", 10);
    return values;
  }

  @Override
  public PreparedRun prepare(ModelSpec shape, Workload workload) {
    Endpoint endpoint = new Endpoint(URI.create(url), apiKey(), httpVersion);
    try {
      return EndpointReplay.open(
          endpoint,
          new RequestForm(
              api,
              model == null ? shape.name() : model,
              ignoreEos,
              continuousUsage,
              seed,
              extraBody),
          prompts,
          shape.vocabularySize(),
          new Patience(seconds(timeoutSeconds), retries, seconds(retryDelaySeconds)),
          workload,
          device);
    } catch (RuntimeException e) {
      endpoint.close();
      throw e;
    }
  }

  private String apiKey() {
    if (apiKeyEnv == null) {
      return null;
    }
    String key = System.getenv(apiKeyEnv);
    if (key == null || key.isBlank()) {
      throw new IllegalArgumentException(
          "environment variable %s (api_key_env) is not set".formatted(apiKeyEnv));
    }
    return key.strip();
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * NANOS_PER_SECOND));
  }
}
