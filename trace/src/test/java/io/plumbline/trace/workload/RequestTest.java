package io.plumbline.trace.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 1, 1, request id (-1) must not be negative",
    "3, -5, 1, 1, Request (3): arrivalNanos (-5) must not be negative",
    "3, 0, 0, 1, Request (3): promptTokens (0) must be positive",
    "3, 0, -7, 1, Request (3): promptTokens (-7) must be positive",
    "3, 0, 1, 0, Request (3): outputTokens (0) must be positive",
    "3, 0, 1, -2, Request (3): outputTokens (-2) must be positive",
  })
  void impossibleRequestsAreRefused(
      int id, long arrivalNanos, int promptTokens, int outputTokens, String message) {
    assertThatThrownBy(() -> new Request(id, arrivalNanos, promptTokens, outputTokens))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void promptBlocksMayNotExceedThePrompt() {
    PromptBlocks blocks = new PromptBlocks(16, new long[] {1, 2});
    // Two blocks of 16 fill exactly 32 tokens.
    assertThat(new Request(0, 0, 32, 1, blocks, null, null).promptBlocks()).isEqualTo(blocks);
    assertThatThrownBy(() -> new Request(0, 0, 31, 1, blocks, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Request (0): 2 prompt blocks of 16 tokens are more than its promptTokens (31)");
  }

  @Test
  void totalTokensDoNotOverflow() {
    assertThat(new Request(0, 0, Integer.MAX_VALUE, 1).totalTokens()).isEqualTo(2_147_483_648L);
  }

  @Test
  void promptBlocksKeepTheirOwnCopy() {
    long[] hashes = {5};
    PromptBlocks blocks = new PromptBlocks(16, hashes);
    hashes[0] = 6;
    assertThat(blocks.hash(0)).isEqualTo(5);
    assertThat(blocks).isEqualTo(new PromptBlocks(16, new long[] {5}));
    assertThat(blocks).isNotEqualTo(new PromptBlocks(8, new long[] {5}));
    assertThatThrownBy(() -> new PromptBlocks(0, hashes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("blockTokens (0) must be positive");
  }
}
