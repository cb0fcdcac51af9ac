package io.plumbline.reference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.run.RequestAttempt.TokenSource;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TokenTallyTest {
  private final TokenTally tally = new TokenTally();

  @Test
  void aCountInEveryChunk_saysHowManyTokensItCarries() {
    // The first chunk of a chat has a role and no token; the third has two tokens, the fourth one
    // whose text is held back; the last has counts only.
    add(
        5,
        "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}],\"usage\":{\"completion_tokens\":0}}");
    add(10, "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"completion_tokens\":1}}");
    add(20, "{\"choices\":[{\"delta\":{\"content\":\"bc\"}}],\"usage\":{\"completion_tokens\":3}}");
    add(30, "{\"choices\":[{\"delta\":{\"content\":\"\"}}],\"usage\":{\"completion_tokens\":4}}");
    add(40, "{\"choices\":[],\"usage\":{\"completion_tokens\":4}}");

    assertTokens(3, TokenSource.REPORTED, 10, 20, 20, 30);
    assertThat(tally.completionTokens()).isEqualTo(4);
  }

  @Test
  void withoutCounts_aChunkWithTextIsAToken() {
    add(5, "{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}");
    add(10, "{\"choices\":[{\"delta\":{\"reasoning_content\":\"a\"}}]}");
    add(20, "{\"choices\":[{\"delta\":{\"content\":\"b\"}}],\"usage\":null}");
    add(30, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}");

    assertTokens(2, TokenSource.ASSUMED, 10, 20);
    assertThat(tally.completionTokens()).isNull();
  }

  @Test
  void aCountAtTheEnd_thatAgrees_leavesItAtThat() {
    add(10, "{\"choices\":[{\"text\":\"a\"}]}");
    add(20, "{\"choices\":[{\"text\":\"b\"}]}");
    // llama.cpp puts it into the chunk that ends the answer.
    add(
        30,
        "{\"choices\":[{\"text\":\"\",\"finish_reason\":\"length\"}],\"usage\":{\"completion_tokens\":2}}");

    assertTokens(2, TokenSource.ASSUMED, 10, 20);
  }

  @Test
  void moreTokensThanChunks_areSpreadEvenly() {
    add(10, "{\"choices\":[{\"text\":\"ab\"}]}");
    add(20, "{\"choices\":[{\"text\":\"cd\"}]}");
    add(30, "{\"choices\":[{\"text\":\"e\"}]}");
    add(31, "{\"choices\":[],\"usage\":{\"completion_tokens\":5}}");

    // Token k of 4 is at chunk k / 2 of 2, to the nearest: 0, 0.5, 1, 1.5, 2.
    assertTokens(3, TokenSource.SPREAD, 10, 20, 20, 30, 30);
  }

  @Test
  void fewerTokensThanChunks_keepTheFirstAndTheLast() {
    for (int i = 1; i <= 5; i++) {
      add(10 * i, "{\"choices\":[{\"text\":\"a\"}]}");
    }
    add(60, "{\"choices\":[],\"usage\":{\"completion_tokens\":3}}");

    assertTokens(5, TokenSource.SPREAD, 10, 30, 50);
  }

  @Test
  void tokensWithoutAnyText_wereThereWhenTheAnswerEnded() {
    add(10, "{\"choices\":[{\"text\":\"\",\"finish_reason\":\"length\"}]}");
    add(11, "{\"choices\":[],\"usage\":{\"completion_tokens\":1}}");

    assertTokens(1, TokenSource.ASSUMED, 10);
  }

  @Test
  void nothing_isNoToken() {
    assertTokens(0, null);
    add(10, "{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":0}}");
    assertTokens(0, null);
  }

  private void add(long nanos, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    tally.add(nanos, Chunk.parse(bytes, bytes.length));
  }

  private void assertTokens(int chunks, TokenSource source, long... nanos) {
    TokenTally.Tokens tokens = tally.tokens();
    assertThat(tokens.nanos()).containsExactly(nanos);
    assertThat(tokens.chunks()).isEqualTo(chunks);
    assertThat(tokens.source()).isEqualTo(source);
  }
}
