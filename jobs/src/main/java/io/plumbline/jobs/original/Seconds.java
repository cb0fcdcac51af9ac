package io.plumbline.jobs.original;

import java.math.BigDecimal;

/** Nanoseconds as seconds in plain digits, none lost. */
final class Seconds {
  private Seconds() {}

  static String of(long nanos) {
    return BigDecimal.valueOf(nanos, 9).toPlainString();
  }
}
