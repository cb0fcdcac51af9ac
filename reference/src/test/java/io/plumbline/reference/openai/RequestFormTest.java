package io.plumbline.reference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.Json;
import io.plumbline.trace.workload.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestFormTest {
  private static final Request REQUEST = new Request(3, 0, 5, 7);
  private static final List<String> WORDS = List.of("a", "b", "c");

  @Test
  void aCompletion_asksForAStreamOfExactlyItsTokens() {
    JsonNode body = body(form(Api.COMPLETIONS, true, true, "{}"), new Prompts.Ids(1000));

    assertThat(body.get("prompt")).hasSize(5).allMatch(id -> 250 <= id.asInt() && id.asInt() < 750);
    assertThat(without(body, "prompt"))
        .isEqualTo(
            tree(
                "{\"model\":\"m\",\"max_tokens\":7,\"min_tokens\":7,\"ignore_eos\":true,\"stream\":true,"
                    + "\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true},"
                    + "\"temperature\":0,\"seed\":9}"));
  }

  @Test
  void aChat_hasOneMessage_andAStrictServerGetsNothingThatItDoesNotKnow() {
    JsonNode body = body(form(Api.CHAT, false, false, "{}"), new Prompts.Words(WORDS, 2));

    // 5 tokens, of which the server adds 2.
    assertThat(body.at("/messages/0/content").textValue()).matches("[abc] [abc] [abc]");
    assertThat(body.at("/messages/0/role").textValue()).isEqualTo("user");
    assertThat(without(body, "messages"))
        .isEqualTo(
            tree(
                "{\"model\":\"m\",\"max_tokens\":7,\"stream\":true,"
                    + "\"stream_options\":{\"include_usage\":true},\"temperature\":0,\"seed\":9}"));
  }

  @Test
  void aPromptShorterThanTheOverhead_isOneWord() {
    JsonNode body = body(form(Api.CHAT, false, false, "{}"), new Prompts.Words(WORDS, 20));

    assertThat(body.at("/messages/0/content").textValue()).matches("[abc]");
  }

  @Test
  void extraFields_areSent_inPlaceOfOursIfNeedBe() {
    JsonNode body =
        body(
            form(Api.COMPLETIONS, true, true, "{\"temperature\":0.7,\"top_k\":[1,{\"x\":null}]}"),
            new Prompts.Ids(1000));

    assertThat(body.get("temperature").decimalValue()).isEqualByComparingTo("0.7");
    assertThat(body.get("top_k")).isEqualTo(tree("[1,{\"x\":null}]"));
    assertThat(body.get("ignore_eos").booleanValue()).isTrue();
  }

  @Test
  void whatTheReplayReliesOn_cannotBeReplaced() {
    assertThatThrownBy(() -> form(Api.COMPLETIONS, true, true, "{\"stream\":false}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("extraBody must not have stream: the replay sets it");
    assertThatThrownBy(() -> form(Api.COMPLETIONS, true, true, "[1]"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("extraBody ([1]) must be a mapping");
  }

  private static RequestForm form(Api api, boolean ignoreEos, boolean continuous, String extra) {
    return new RequestForm(api, "m", ignoreEos, continuous, 9, tree(extra));
  }

  private static JsonNode body(RequestForm form, Prompts prompts) {
    return tree(new String(form.stream(REQUEST, prompts, 1), StandardCharsets.UTF_8));
  }

  private static JsonNode tree(String json) {
    return Json.parseTree("test", json);
  }

  private static JsonNode without(JsonNode body, String field) {
    return body.<ObjectNode>deepCopy().without(field);
  }
}
