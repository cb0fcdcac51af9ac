package io.plumbline.reference.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.trace.workload.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;

/**
 * What a request says besides its prompt: a stream of exactly so many tokens, drawn greedily.
 *
 * @param model the model as the server names it
 * @param ignoreEos whether to ask for the full length in the words of vLLM and SGLang ({@code
 *     ignore_eos}, {@code min_tokens}), which stricter servers refuse
 * @param continuousUsage whether to ask for token counts in every chunk ({@code
 *     continuous_usage_stats})
 * @param seed sampling seed
 * @param extraBody an object whose fields are sent as well, in place of ours of the same name
 */
public record RequestForm(
    Api api,
    String model,
    boolean ignoreEos,
    boolean continuousUsage,
    int seed,
    JsonNode extraBody) {

  /** Fields that the replay itself relies on. */
  private static final Set<String> OWN =
      Set.of(
          "model",
          "prompt",
          "messages",
          "max_tokens",
          "max_completion_tokens",
          "min_tokens",
          "stream",
          "stream_options",
          "n");

  private static final JsonFactory JSON = new ObjectMapper().getFactory();

  public RequestForm {
    if (!extraBody.isObject()) {
      throw new IllegalArgumentException("extraBody (%s) must be a mapping".formatted(extraBody));
    }
    extraBody
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (OWN.contains(name)) {
                throw new IllegalArgumentException(
                    "extraBody must not have %s: the replay sets it".formatted(name));
              }
            });
  }

  /** Body of a request of the workload. */
  byte[] stream(Request request, Prompts prompts, long salt) {
    int[] draws = PromptTokens.draw(request, salt, prompts.variety());
    return body(
        json -> {
          writePrompt(json, () -> prompts.write(json, draws));
          json.writeNumberField("max_tokens", request.outputTokens());
          if (ignoreEos) {
            json.writeNumberField("min_tokens", request.outputTokens());
            writeDefault(json, "ignore_eos", () -> json.writeBoolean(true));
          }
          json.writeBooleanField("stream", true);
          json.writeObjectFieldStart("stream_options");
          json.writeBooleanField("include_usage", true);
          if (continuousUsage) {
            json.writeBooleanField("continuous_usage_stats", true);
          }
          json.writeEndObject();
        });
  }

  /** Body of a request for one token in one piece, to learn how many a text has. */
  byte[] probe(String text) {
    return body(
        json -> {
          writePrompt(json, () -> json.writeString(text));
          json.writeNumberField("max_tokens", 1);
          json.writeBooleanField("stream", false);
        });
  }

  private interface Writing<T> {
    void to(T json) throws IOException;
  }

  private interface Value {
    void write() throws IOException;
  }

  private byte[] body(Writing<JsonGenerator> fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("model", model);
      fields.to(json);
      writeDefault(json, "temperature", () -> json.writeNumber(0));
      writeDefault(json, "seed", () -> json.writeNumber(seed));
      for (Map.Entry<String, JsonNode> field : extraBody.properties()) {
        json.writeFieldName(field.getKey());
        json.writeTree(field.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void writePrompt(JsonGenerator json, Value prompt) throws IOException {
    if (api == Api.COMPLETIONS) {
      json.writeFieldName("prompt");
      prompt.write();
      return;
    }
    json.writeArrayFieldStart("messages");
    json.writeStartObject();
    json.writeStringField("role", "user");
    json.writeFieldName("content");
    prompt.write();
    json.writeEndObject();
    json.writeEndArray();
  }

  private void writeDefault(JsonGenerator json, String name, Value value) throws IOException {
    if (!extraBody.has(name)) {
      json.writeFieldName(name);
      value.write();
    }
  }
}
