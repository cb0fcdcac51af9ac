package io.plumbline.files;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A line on stderr that says how far a job is: done/total, rate, time left. On a terminal the line
 * is written over; elsewhere a new one comes every few seconds.
 */
public final class Progress implements AutoCloseable {
  /** Whether stderr is a terminal, for a process that cannot see it: {@code true} or not. */
  public static final String TERMINAL_PROPERTY = "plumbline.terminal";

  private static final boolean TERMINAL =
      System.console() != null || Boolean.getBoolean(TERMINAL_PROPERTY);
  private static final Duration PERIOD = Duration.ofMillis(TERMINAL ? 500 : 5000);
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrintStream out = System.err;
  private final String what;
  private final LongSupplier total;
  private final LongSupplier done;
  private final Supplier<String> more;
  private final Supplier<List<String>> events;
  private final DoubleSupplier share;
  private final long startNanos = System.nanoTime();
  private final Thread ticker;
  private int eventsPrinted;

  /**
   * Starts to report.
   *
   * @param what what is counted, e.g. "runs"
   * @param done how many are done by now; asked from another thread
   */
  public Progress(String what, long total, LongSupplier done) {
    this(what, total, done, () -> "");
  }

  /**
   * The same with something of the job's own in the line.
   *
   * @param more e.g. "12 in flight", or empty; asked from another thread
   */
  public Progress(String what, long total, LongSupplier done, Supplier<String> more) {
    this(what, () -> total, done, more, List::of, null);
  }

  /** The same where it turns out on the way how much there is to do. */
  public Progress(String what, LongSupplier total, LongSupplier done, Supplier<String> more) {
    this(what, total, done, more, List::of, null);
  }

  private Progress(
      String what,
      LongSupplier total,
      LongSupplier done,
      Supplier<String> more,
      Supplier<List<String>> events,
      DoubleSupplier share) {
    this.what = what;
    this.total = total;
    this.done = done;
    this.more = more;
    this.events = events;
    this.share = share;
    this.ticker = new Thread(this::tick, "progress");
    ticker.setDaemon(true);
    ticker.start();
  }

  /**
   * The same with a line for everything that happens.
   *
   * @param events all of it by now, the newest last; asked from another thread
   */
  public static Progress withEvents(
      String what, long total, LongSupplier done, Supplier<List<String>> events) {
    return new Progress(what, () -> total, done, () -> "", events, null);
  }

  /**
   * The same where some take longer than others.
   *
   * @param share how much of the whole work is done, 0 to 1, which says how much time is left;
   *     asked from another thread
   */
  public static Progress weighted(
      String what, long total, LongSupplier done, DoubleSupplier share) {
    return new Progress(what, () -> total, done, () -> "", List::of, share);
  }

  /** Whether stderr is known to be a terminal. */
  public static boolean onTerminal() {
    return TERMINAL;
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
    List<String> all = events.get();
    for (; eventsPrinted < all.size(); eventsPrinted++) {
      out.printf("%s%s%n", TERMINAL ? "\033[K" : "", all.get(eventsPrinted));
    }
    double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
    long doneNow = done.getAsLong();
    long totalNow = total.getAsLong();
    double shareNow = share == null ? (double) doneNow / totalNow : share.getAsDouble();
    String line = line(doneNow, totalNow, what, seconds, more.get(), shareNow);
    out.print((TERMINAL ? "\033[K" : "") + line + end);
    out.flush();
  }

  static String line(long done, long total, String what, double seconds, String more) {
    return line(done, total, what, seconds, more, (double) done / total);
  }

  static String line(
      long done, long total, String what, double seconds, String more, double share) {
    String left =
        done == 0 || done >= total || !(share > 0)
            ? ""
            : String.format(
                Locale.ROOT, ", about %.0f s left", seconds * Math.max(0, 1 - share) / share);
    return String.format(Locale.ROOT, "%d/%d %s, %.1f/s", done, total, what, done / seconds)
        + (more.isEmpty() ? "" : ", " + more)
        + left;
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
