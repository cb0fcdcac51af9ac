package io.plumbline.reference.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StopwatchTest {
  @Test
  void waitUntil_neverReturnsEarly_andAtOnceIfPast() {
    Stopwatch stopwatch = Stopwatch.start();

    stopwatch.waitUntil(3_000_000);
    long nanos = stopwatch.nanos();
    stopwatch.waitUntil(1);

    assertThat(nanos).isGreaterThanOrEqualTo(3_000_000);
    assertThat(stopwatch.nanos()).isGreaterThanOrEqualTo(nanos);
  }
}
