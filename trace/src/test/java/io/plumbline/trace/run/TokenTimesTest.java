package io.plumbline.trace.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokenTimesTest {

  @Test
  void tokensAreFoundByRequestEvenBesideEmptyOnes() {
    TokenTimes times = TokenTimes.of(new long[][] {{10, 20}, {}, {15, 15, 40}});
    assertThat(times.requests()).isEqualTo(3);
    assertThat(times.tokens(0)).isEqualTo(2);
    assertThat(times.tokens(1)).isZero();
    assertThat(times.tokens(2)).isEqualTo(3);
    assertThat(times.nanos(0, 1)).isEqualTo(20);
    assertThat(times.nanos(2, 0)).isEqualTo(15);
    assertThat(times.nanos(2, 2)).isEqualTo(40);
  }

  @Test
  void whoseTokenItIsCounts() {
    TokenTimes left = TokenTimes.of(new long[][] {{10, 20}, {30}});
    assertThat(left).isEqualTo(TokenTimes.of(new long[][] {{10, 20}, {30}}));
    assertThat(left).isNotEqualTo(TokenTimes.of(new long[][] {{10}, {20, 30}}));
    assertThat(left).isNotEqualTo(TokenTimes.of(new long[][] {{10, 20}, {31}}));
  }

  @Test
  void theInputIsCopied() {
    long[][] perRequest = {{10}};
    TokenTimes times = TokenTimes.of(perRequest);
    perRequest[0][0] = 11;
    assertThat(times.nanos(0, 0)).isEqualTo(10);
  }

  @Test
  void aTokenBeforeItsPredecessorIsRefused() {
    assertThatThrownBy(() -> TokenTimes.of(new long[][] {{1}, {5, 9, 8}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Request (1): token 2 at 8 ns is before token 1 at 9 ns");
  }
}
