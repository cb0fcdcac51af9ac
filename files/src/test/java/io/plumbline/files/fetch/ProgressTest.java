package io.plumbline.files.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProgressTest {
  private final StringWriter notices = new StringWriter();
  private long nanos;

  /** 300 MB came before; 100 MB in 12 s are 8.33 MB/s; 600 MB are left, which takes 72 s. */
  @Test
  void everyTenSecondsItSaysHowFarHowFastHowLong() {
    Progress progress = progress(1_000_000_000L, 300_000_000L);

    nanos = 9_000_000_000L;
    progress.add(50_000_000);
    assertThat(notices.toString()).isEmpty();

    nanos = 12_000_000_000L;
    progress.add(50_000_000);
    assertThat(notices.toString())
        .isEqualTo("  a.bin: 400 MB of 1.00 GB (40 %%), 8.33 MB/s, 1 min 12 s left%n".formatted());

    nanos = 21_000_000_000L;
    progress.add(1);
    assertThat(notices.toString().lines()).hasSize(1);
  }

  @Test
  void withoutASizeThereIsNoEndToGuess() {
    Progress progress = progress(null, 0);

    nanos = 10_000_000_000L;
    progress.add(2_000);

    assertThat(notices.toString()).isEqualTo("  a.bin: 2.00 kB, 200 B/s%n".formatted());
  }

  /** 10 s per GB; 999 GB are left: 9,990 s. */
  @Test
  void longTimesAreInHours() {
    Progress progress = progress(1_000_000_000_000L, 0);

    nanos = 10_000_000_000L;
    progress.add(1_000_000_000);

    assertThat(notices.toString()).endsWith("100 MB/s, 2 h 46 min left%n".formatted());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.00 kB",
    "9994, 9.99 kB",
    "9996, 10.0 kB",
    "999499, 999 kB",
    "999500, 1.00 MB",
    "815585330, 816 MB",
    "137953408928, 138 GB",
    "5000000000000000, 5000 TB",
  })
  void sizesHaveThreeDigits(long bytes, String text) {
    assertThat(ByteSize.text(bytes)).isEqualTo(text);
  }

  private Progress progress(Long totalBytes, long startBytes) {
    return new Progress(
        new PrintWriter(notices, true), () -> nanos, "a.bin", totalBytes, startBytes);
  }
}
