package io.plumbline.files.fetch;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Says every few seconds how far a download is, how fast, and how long it will take. */
final class Progress {
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final PrintWriter notices;
  private final LongSupplier nanoClock;
  private final String name;
  private final Long totalBytes;
  private final long startBytes;
  private final long startNanos;
  private long nextNanos;
  private long bytes;

  /**
   * @param totalBytes of the whole file; null if unknown
   * @param startBytes what an earlier try brought
   */
  Progress(
      PrintWriter notices, LongSupplier nanoClock, String name, Long totalBytes, long startBytes) {
    this.notices = notices;
    this.nanoClock = nanoClock;
    this.name = name;
    this.totalBytes = totalBytes;
    this.startBytes = startBytes;
    bytes = startBytes;
    startNanos = nanoClock.getAsLong();
    nextNanos = startNanos + EVERY_NANOS;
  }

  void add(int more) {
    bytes += more;
    long now = nanoClock.getAsLong();
    if (now - nextNanos >= 0) {
      nextNanos = now + EVERY_NANOS;
      notices.printf("  %s: %s%n", name, text(now));
    }
  }

  private String text(long now) {
    double bytesPerSecond = (bytes - startBytes) / ((now - startNanos) / 1e9);
    String speed = ByteSize.text((long) bytesPerSecond) + "/s";
    if (totalBytes == null) {
      return "%s, %s".formatted(ByteSize.text(bytes), speed);
    }
    return String.format(
        Locale.ROOT,
        "%s of %s (%.0f %%), %s, %s left",
        ByteSize.text(bytes),
        ByteSize.text(totalBytes),
        100.0 * bytes / totalBytes,
        speed,
        duration((totalBytes - bytes) / Math.max(bytesPerSecond, 1)));
  }

  private static String duration(double seconds) {
    Duration left = Duration.ofSeconds((long) Math.ceil(seconds));
    return left.toHours() > 0
        ? "%d h %d min".formatted(left.toHours(), left.toMinutesPart())
        : left.toMinutes() > 0
            ? "%d min %d s".formatted(left.toMinutes(), left.toSecondsPart())
            : "%d s".formatted(left.toSeconds());
  }
}
