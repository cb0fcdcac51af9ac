package io.plumbline.simulator.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.workload.Request;
import org.junit.jupiter.api.Test;

class RequestProgressTest {
  private final RequestProgress request = new RequestProgress(new Request(0, 0, 10, 3), 0);

  @Test
  void theIterationThatCompletesThePrefillYieldsTheFirstToken() {
    request.batchStarts(1);
    assertThat(request.batchEnded(6, 2)).isFalse();
    assertThat(request.firstTokenSeconds()).isNaN();
    request.batchStarts(3);
    assertThat(request.batchEnded(4, 4)).isTrue();
    assertThat(request.prefillComplete()).isTrue();
    assertThat(request.processedTokens()).isEqualTo(11); // the prompt and the token at hand
    assertThat(request.producedTokens()).isEqualTo(1);
    assertThat(request.scheduledSeconds()).isEqualTo(1);
    assertThat(request.firstTokenSeconds()).isEqualTo(4);
  }

  @Test
  void threeOutputTokensNeedThePrefillAndTwoDecodes() {
    request.batchEnded(10, 1);
    assertThat(request.batchEnded(1, 2)).isTrue();
    assertThat(request.completed()).isFalse();
    assertThat(request.batchEnded(1, 3)).isTrue();
    assertThat(request.completed()).isTrue();
    assertThat(request.endSeconds()).isEqualTo(3);
    assertThat(request.producedTokens()).isEqualTo(3);
  }

  @Test
  void aRestartInDecodeTurnsOutputIntoPrompt() {
    request.batchEnded(10, 1);
    request.batchEnded(1, 2);
    request.restart();
    // 10 of the prompt and 2 made; the one left comes with the prefill.
    assertThat(request.promptTokens()).isEqualTo(12);
    assertThat(request.processedTokens()).isZero();
    assertThat(request.preemptions()).isEqualTo(1);
    assertThat(request.batchEnded(12, 3)).isTrue();
    assertThat(request.completed()).isTrue();
    assertThat(request.producedTokens()).isEqualTo(3);
    assertThat(request.firstTokenSeconds()).isEqualTo(1); // the first one was at the client already
  }

  @Test
  void bothRestartsAreTheSameInDecode() {
    request.batchEnded(10, 1);
    request.restartKeepingPrompt();
    assertThat(request.promptTokens()).isEqualTo(11);
  }

  @Test
  void onlyVidursRestartCutsAPromptThatIsHalfDone() {
    request.batchEnded(4, 1);
    request.restartKeepingPrompt();
    assertThat(request.promptTokens()).isEqualTo(10);
    request.batchEnded(4, 2);
    request.restart();
    assertThat(request.promptTokens()).isEqualTo(4);
    assertThat(request.preemptions()).isEqualTo(2);
  }

  @Test
  void moreTokensThanARequestHasAreRefused() {
    assertThatThrownBy(() -> request.batchEnded(14, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Request (0) processed 14 of 13 tokens");
  }
}
