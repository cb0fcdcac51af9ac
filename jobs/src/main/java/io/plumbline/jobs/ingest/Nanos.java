package io.plumbline.jobs.ingest;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Decimal times of other units in nanoseconds: whole ones where they are instants. */
final class Nanos {
  private static final int PER_SECOND = 9;
  private static final int PER_MILLI = 6;
  private static final int PER_MICRO = 3;

  private Nanos() {}

  /** An instant, rounded half up to a whole nanosecond. */
  static long atSecond(BigDecimal seconds) {
    return whole(seconds, PER_SECOND);
  }

  /** The same of milliseconds. */
  static long atMilli(BigDecimal millis) {
    return whole(millis, PER_MILLI);
  }

  private static long whole(BigDecimal value, int digits) {
    return value.movePointRight(digits).setScale(0, RoundingMode.HALF_UP).longValueExact();
  }

  /** A time as the nearest double. */
  static double ofSeconds(BigDecimal seconds) {
    return seconds.movePointRight(PER_SECOND).doubleValue();
  }

  static double ofMillis(BigDecimal millis) {
    return millis.movePointRight(PER_MILLI).doubleValue();
  }

  static double ofMicros(BigDecimal micros) {
    return micros.movePointRight(PER_MICRO).doubleValue();
  }
}
