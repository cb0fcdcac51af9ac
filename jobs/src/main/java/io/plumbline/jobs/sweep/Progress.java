package io.plumbline.jobs.sweep;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A line on stderr that says how far a job is: done/total, rate, time left. On a terminal the line
 * is written over; elsewhere a new one comes every few seconds.
 */
final class Progress implements AutoCloseable {
  private static final boolean TERMINAL = System.console() != null;
  private static final Duration PERIOD = Duration.ofMillis(TERMINAL ? 500 : 5000);

  private final PrintStream out = System.err;
  private final String what;
  private final long total;
  private final LongSupplier done;
  private final Supplier<List<String>> lines;
  private final long startNanos = System.nanoTime();
  private final Thread ticker;
  private int linesPrinted;

  /**
   * Starts to report.
   *
   * @param what what is counted, e.g. "runs"
   * @param done how many are done by now; asked from another thread
   */
  Progress(String what, long total, LongSupplier done) {
    this(what, total, done, List::of);
  }

  /**
   * The same, with a line for everything that happens.
   *
   * @param lines all lines by now, the new ones last; asked from another thread
   */
  Progress(String what, long total, LongSupplier done, Supplier<List<String>> lines) {
    this.lines = lines;
    this.what = what;
    this.total = total;
    this.done = done;
    this.ticker = new Thread(this::tick, "progress");
    ticker.setDaemon(true);
    ticker.start();
  }

  private void tick() {
    try {
      while (true) {
        Thread.sleep(PERIOD.toMillis());
        print(TERMINAL ? "\r" : "\n");
      }
    } catch (InterruptedException e) {
      // The job is done: close() prints the last line.
      Thread.currentThread().interrupt();
    }
  }

  private void print(String end) {
    List<String> all = lines.get();
    for (; linesPrinted < all.size(); linesPrinted++) {
      out.printf("%s%s%n", TERMINAL ? "\033[K" : "", all.get(linesPrinted));
    }
    long now = done.getAsLong();
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    double rate = now / seconds;
    String left =
        now == 0 || now >= total ? "" : ", about %.0f s left".formatted((total - now) / rate);
    out.printf(
        "%s%d/%d %s, %.1f/s%s%s", TERMINAL ? "\033[K" : "", now, total, what, rate, left, end);
    out.flush();
  }

  @Override
  public void close() {
    ticker.interrupt();
    try {
      ticker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    print("\n");
  }
}
