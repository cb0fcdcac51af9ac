package io.plumbline.simulator.kvcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import org.junit.jupiter.api.Test;

class BlockHashesTest {

  private static Request request(int id, int prompt, int output, int blockTokens, long... hashes) {
    return new Request(
        id, 0, prompt, output, new PromptBlocks(blockTokens, hashes), null, "session");
  }

  private static BlockHashes hashes(Request request, int blockTokens) {
    return new BlockHashes(request, null, blockTokens);
  }

  @Test
  void equalPrefixesHaveEqualHashesAndOnlyThey() {
    BlockHashes one = hashes(request(0, 12, 9, 4, 1, 2, 3), 4);
    BlockHashes other = hashes(request(1, 12, 9, 4, 1, 2, 4), 4);
    assertThat(one.hash(0)).isEqualTo(other.hash(0));
    assertThat(one.hash(1)).isEqualTo(other.hash(1));
    assertThat(one.hash(2)).isNotEqualTo(other.hash(2));
    assertThat(one.hash(0)).isNotEqualTo(one.hash(1));
  }

  @Test
  void whatIsNotKnownToBeSharedIsTheRequestsOwn() {
    // The third block is prompt in part: 10 tokens have two full blocks.
    BlockHashes one = hashes(request(0, 10, 9, 4, 1, 2), 4);
    BlockHashes same = hashes(request(0, 10, 9, 4, 1, 2), 4);
    BlockHashes other = hashes(request(1, 10, 9, 4, 1, 2), 4);
    assertThat(one.hash(2)).isEqualTo(same.hash(2)).isNotEqualTo(other.hash(2));
    Request unknown = new Request(5, 0, 10, 9);
    assertThat(hashes(unknown, 4).hash(0)).isNotEqualTo(one.hash(0));
  }

  @Test
  void blocksOfTheWorkloadMayBeLargerThanThoseOfTheCache() {
    // 8 tokens of the first block are four blocks of two.
    BlockHashes one = hashes(request(0, 16, 9, 8, 1, 2), 2);
    BlockHashes other = hashes(request(1, 16, 9, 8, 1, 3), 2);
    assertThat(one.hash(3)).isEqualTo(other.hash(3)).isNotEqualTo(one.hash(2));
    assertThat(one.hash(4)).isNotEqualTo(other.hash(4));
  }

  @Test
  void blocksOfTheWorkloadMayBeSmallerThanThoseOfTheCache() {
    BlockHashes one = hashes(request(0, 16, 9, 4, 1, 2, 3, 4), 8);
    BlockHashes other = hashes(request(1, 16, 9, 4, 1, 2, 3, 5), 8);
    assertThat(one.hash(0)).isEqualTo(other.hash(0));
    assertThat(one.hash(1)).isNotEqualTo(other.hash(1));
  }

  @Test
  void theAnswerIsWhatTheNextTurnRepeats() {
    Request turn = request(0, 6, 6, 4, 1);
    Request next = request(1, 16, 9, 4, 1, 2, 3, 4);
    BlockHashes answered = new BlockHashes(turn, next, 4);
    BlockHashes prompt = hashes(next, 4);
    assertThat(answered.hash(1)).isEqualTo(prompt.hash(1));
    assertThat(answered.hash(2)).isEqualTo(prompt.hash(2));
    // Prompt and answer end at 12 tokens.
    assertThat(answered.hash(3)).isNotEqualTo(prompt.hash(3));
    Request stranger = request(1, 16, 9, 4, 9, 2, 3, 4);
    assertThat(new BlockHashes(turn, stranger, 4).hash(1))
        .isNotEqualTo(hashes(stranger, 4).hash(1));
  }
}
