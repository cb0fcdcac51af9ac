package io.plumbline.reference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PromptTokensTest {
  private static final int BOUND = 16_000;
  private static final long SALT = 42;

  @Test
  void equalBlocks_areEqualTokens_andNothingElseIs() {
    // Both share blocks 7 and 8; the third block differs, and so does what follows.
    int[] one = draw(blocks(0, 50, 7, 8, 9), SALT);
    int[] other = draw(blocks(1, 60, 7, 8, 10), SALT);

    assertThat(one).hasSize(50);
    assertThat(other).hasSize(60);
    assertThat(Arrays.mismatch(one, other)).isEqualTo(32);
    assertThat(Arrays.copyOf(one, 16)).isNotEqualTo(Arrays.copyOfRange(one, 16, 32));
  }

  @Test
  void equalBlocks_mayEndInDifferentRemainders() {
    int[] one = draw(blocks(0, 40, 7, 8), SALT);
    int[] other = draw(blocks(1, 40, 7, 8), SALT);

    assertThat(Arrays.mismatch(one, other)).isEqualTo(32);
  }

  @Test
  void promptsWithoutBlocks_differFromTheirFirstTokenOn() {
    int[] one = draw(new Request(0, 0, 500, 1), SALT);
    int[] other = draw(new Request(1, 0, 500, 1), SALT);

    assertThat(Arrays.mismatch(one, other)).isZero();
    assertThat(Arrays.stream(one).boxed()).allMatch(token -> token >= 0 && token < BOUND);
    assertThat(draw(new Request(0, 9, 500, 3), SALT)).isEqualTo(one);
  }

  @Test
  void anotherSalt_givesOtherTokens_inBlocksToo() {
    Request request = blocks(0, 40, 7, 8);

    assertThat(Arrays.mismatch(draw(request, SALT), draw(request, SALT + 1))).isZero();
  }

  private static int[] draw(Request request, long salt) {
    return PromptTokens.draw(request, salt, BOUND);
  }

  private static Request blocks(int id, int promptTokens, long... hashes) {
    return new Request(id, 0, promptTokens, 1, new PromptBlocks(16, hashes), null, null);
  }
}
