package io.plumbline.reference.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What one event of a stream says.
 *
 * @param choice whether it is part of an answer; else it only carries counts
 * @param content whether it has any text
 * @param promptTokens the server's count so far; null if it does not say
 * @param completionTokens the server's count so far; null if it does not say
 * @param finishReason why the answer ends here; null if it does not
 * @param error what the server reports instead of an answer; null if nothing
 */
record Chunk(
    boolean choice,
    boolean content,
    Integer promptTokens,
    Integer completionTokens,
    String finishReason,
    String error) {
  private static final ObjectReader JSON = new ObjectMapper().reader();
  private static final int MAX_QUOTED = 120;

  /** Fields of a choice, or of its delta, that hold text. */
  private static final String[] TEXTS = {"content", "reasoning_content", "reasoning"};

  /** Reads the data of an event; if it is no JSON object, that is the error. */
  static Chunk parse(byte[] data, int length) {
    JsonNode tree;
    try {
      tree = JSON.readTree(data, 0, length);
    } catch (JsonProcessingException e) {
      return broken("malformed event: " + quote(data, length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!tree.isObject()) {
      return broken("malformed event: " + quote(data, length));
    }
    if (tree.hasNonNull("error")) {
      return broken("the server reports: " + message(tree.get("error")));
    }
    JsonNode choice = tree.path("choices").path(0);
    JsonNode usage = tree.path("usage");
    JsonNode reason = choice.path("finish_reason");
    return new Chunk(
        choice.isObject(),
        hasText(choice),
        count(usage.path("prompt_tokens")),
        count(usage.path("completion_tokens")),
        reason.isTextual() ? reason.textValue() : null,
        null);
  }

  private static Chunk broken(String error) {
    return new Chunk(false, false, null, null, null, error);
  }

  private static String quote(byte[] data, int length) {
    String text = new String(data, 0, Math.min(length, MAX_QUOTED), StandardCharsets.UTF_8);
    return length > MAX_QUOTED ? text + "…" : text;
  }

  private static String message(JsonNode error) {
    JsonNode message = error.path("message");
    return message.isTextual() ? message.textValue() : error.toString();
  }

  private static boolean hasText(JsonNode choice) {
    if (isText(choice.path("text"))) {
      return true;
    }
    JsonNode delta = choice.path("delta");
    for (String field : TEXTS) {
      if (isText(delta.path(field))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isText(JsonNode node) {
    return node.isTextual() && !node.textValue().isEmpty();
  }

  private static Integer count(JsonNode node) {
    return node.isInt() ? (Integer) node.intValue() : null;
  }
}
