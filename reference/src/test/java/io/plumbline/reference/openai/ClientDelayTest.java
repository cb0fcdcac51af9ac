package io.plumbline.reference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.run.RequestAttempt;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientDelayTest {
  @Test
  void percentilesAreInterpolated_overAllThatWasSent() {
    List<RequestAttempt> attempts = new ArrayList<>();
    for (long delay : new long[] {3_000_000, 1_000_000, 2_000_000, 10_000_000}) {
      attempts.add(attempt(5, 5 + delay));
    }
    attempts.add(attempt(5, null));

    // Of 1, 2, 3, 10: P50 at rank 1.5, P99 at rank 2.97 = 3 + 0.97 x 7.
    ClientDelay delay = ClientDelay.of(attempts);
    assertThat(delay.text()).isEqualTo("client delay: P50 2.500 ms, P99 9.790 ms, max 10.000 ms");
    assertThat(delay.isHigh()).isTrue();
  }

  @Test
  void nothingSent_isNoDelay() {
    assertThat(ClientDelay.of(List.of(attempt(5, null)))).isNull();
    assertThat(ClientDelay.of(List.of(attempt(5, 5L))).isHigh()).isFalse();
  }

  private static RequestAttempt attempt(long planned, Long sent) {
    return new RequestAttempt(0, 0, planned, sent, 1L << 40, null, 0, null, null, null, null);
  }
}
