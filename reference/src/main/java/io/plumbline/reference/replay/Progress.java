package io.plumbline.reference.replay;

import java.io.PrintStream;
import java.util.Locale;

/**
 * One line that says how far a run is, rewritten in place at most twice per second: requests done,
 * requests per second so far and the time left at that rate. Closing it ends the line.
 */
public final class Progress implements AutoCloseable {
  private static final long MIN_INTERVAL_NANOS = 500_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrintStream out;
  private final int total;
  private long nextNanos;
  private int width;

  /**
   * @param out where the line goes, usually stderr
   * @param total requests of the run
   */
  public Progress(PrintStream out, int total) {
    this.out = out;
    this.total = total;
  }

  /**
   * Says how many requests are done.
   *
   * @param nowNanos time since the start of the run
   */
  public void done(int requests, long nowNanos) {
    if (nowNanos < nextNanos && requests < total) {
      return;
    }
    nextNanos = nowNanos + MIN_INTERVAL_NANOS;
    String line = line(requests, nowNanos / NANOS_PER_SECOND);
    // Blanks wipe what a longer line before this one left.
    out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
    out.flush();
    width = line.length();
  }

  private String line(int requests, double seconds) {
    if (requests == 0 || seconds <= 0) {
      return "%d/%d requests".formatted(requests, total);
    }
    double perSecond = requests / seconds;
    return String.format(
        Locale.ROOT,
        "%d/%d requests, %.2f requests/s, ETA %.0f s",
        requests,
        total,
        perSecond,
        (total - requests) / perSecond);
  }

  @Override
  public void close() {
    if (width > 0) {
      out.println();
    }
  }
}
