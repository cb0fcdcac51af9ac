package io.plumbline.reference.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void theLine_isRewrittenAtMostTwicePerSecond_andEndsOnce() {
    try (Progress progress = new Progress(out, 8)) {
      progress.done(1, 1_000_000_000L);
      progress.done(2, 1_499_999_999L);
      progress.done(3, 1_500_000_000L);
      // The last one is always shown, whenever it comes.
      progress.done(8, 1_600_000_000L);
    }

    // 1 in 1 s: 7 left take 7 s. 3 in 1.5 s = 2/s: 5 left take 2.5 s, which rounds to 3.
    // 8 in 1.6 s = 5/s.
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r1/8 requests, 1.00 requests/s, ETA 7 s"
                + "\r3/8 requests, 2.00 requests/s, ETA 3 s"
                + "\r8/8 requests, 5.00 requests/s, ETA 0 s"
                + System.lineSeparator());
  }

  @Test
  void aRunWithoutProgress_printsNothing() {
    new Progress(out, 8).close();

    assertThat(bytes.size()).isZero();
  }
}
