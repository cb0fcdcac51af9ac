package io.plumbline.files.workload;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.TokenLengths;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Vidur's three CSV forms of a trace: whole requests, lengths only, arrivals only. Times are exact
 * to the nanosecond both ways; columns that a form does not name are ignored.
 *
 * @see <a href="https://github.com/microsoft/vidur">Vidur</a>
 */
public final class TraceFiles {
  private static final String ARRIVED_AT = "arrived_at";
  private static final String ARRIVAL_TIME = "arrival_time";
  private static final String PREFILL = "num_prefill_tokens";
  private static final String DECODE = "num_decode_tokens";
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS");

  private TraceFiles() {}

  /** Requests by arrival in seconds, prompt and output tokens. */
  public static Workload readRequests(Path file) {
    return readRequests(file, TraceLimits.NONE);
  }

  /**
   * The same, or an {@link AzureTrace}, taken and bent as the limits say.
   *
   * @throws BadInputException naming file, line, column and value
   */
  public static Workload readRequests(Path file, TraceLimits limits) {
    if (AzureTrace.isIn(file)) {
      return AzureTrace.read(file, limits);
    }
    BigDecimal timeScale = BigDecimal.valueOf(limits.timeScale());
    List<Request> requests = new ArrayList<>();
    new CsvTable(file, ARRIVED_AT, PREFILL, DECODE)
        .forEach(
            row -> {
              if (limits.enough(requests.size())) {
                return;
              }
              long nanos = row.seconds(ARRIVED_AT, timeScale);
              requireSorted(row, ARRIVED_AT, nanos, last(requests));
              TokenLengths.Pair pair = lengths(row, file, limits);
              requests.add(
                  new Request(requests.size(), nanos, pair.promptTokens(), pair.outputTokens()));
            });
    requireRows(file, requests.size(), limits.requests());
    return new Workload(requests);
  }

  static long last(List<Request> requests) {
    return requests.isEmpty() ? 0 : requests.get(requests.size() - 1).arrivalNanos();
  }

  static void requireSorted(CsvRow row, String column, long nanos, long previousNanos) {
    if (nanos < previousNanos) {
      throw row.bad(column, "is before the row above. Maybe sort the file by " + column + ".");
    }
  }

  private static TokenLengths.Pair lengths(CsvRow row, Path file, TraceLimits limits) {
    // Vidur clips to 1, and published traces rely on it: a token count of 0 is read as 1.
    return limits.lengths(
        row.integer(PREFILL, 0), row.integer(DECODE, 0), "%s:%d".formatted(file, row.line()));
  }

  static void requireRows(Path file, int rows, Integer requests) {
    if (rows == 0) {
      throw new BadInputException("%s: no rows below the header".formatted(file));
    }
    if (requests != null && rows < requests) {
      throw new BadInputException(
          "%s: %d rows, but %d requests are asked for. Maybe lower requests."
              .formatted(file, rows, requests));
    }
  }

  /** Writes what {@link #readRequests(Path)} reads back as the same workload. */
  public static void writeRequests(Path file, Workload workload) {
    try (CsvWriter csv = writer(file)) {
      csv.writeRecord(ARRIVED_AT, PREFILL, DECODE);
      for (Request request : workload.requests()) {
        csv.writeRecord(
            seconds(request.arrivalNanos()),
            Integer.toString(request.promptTokens()),
            Integer.toString(request.outputTokens()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lengths only, in the file's order. */
  public static List<TokenLengths.Pair> readLengths(Path file, TraceLimits limits) {
    List<TokenLengths.Pair> pairs = new ArrayList<>();
    new CsvTable(file, PREFILL, DECODE)
        .forEach(
            row -> {
              if (!limits.enough(pairs.size())) {
                pairs.add(lengths(row, file, limits));
              }
            });
    requireRows(file, pairs.size(), limits.requests());
    return pairs;
  }

  /** Writes lengths only. */
  public static void writeLengths(Path file, List<TokenLengths.Pair> pairs) {
    try (CsvWriter csv = writer(file)) {
      csv.writeRecord(PREFILL, DECODE);
      for (TokenLengths.Pair pair : pairs) {
        csv.writeRecord(
            Integer.toString(pair.promptTokens()), Integer.toString(pair.outputTokens()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Arrivals only, in ns: column {@code arrived_at} in seconds as it is, or else {@code
   * arrival_time} as timestamps, counted from the first one.
   */
  public static long[] readArrivals(Path file) {
    LongStream.Builder arrivals = LongStream.builder();
    long[] previousAndFirst = {0, -1};
    new CsvTable(file)
        .withOneOf(ARRIVED_AT, ARRIVAL_TIME)
        .forEach(
            row -> {
              String column = row.has(ARRIVED_AT) ? ARRIVED_AT : ARRIVAL_TIME;
              long nanos =
                  column.equals(ARRIVED_AT)
                      ? row.seconds(column, BigDecimal.ONE)
                      : timestamp(row) - firstTimestamp(row, previousAndFirst);
              requireSorted(row, column, nanos, previousAndFirst[0]);
              previousAndFirst[0] = nanos;
              arrivals.add(nanos);
            });
    long[] nanos = arrivals.build().toArray();
    requireRows(file, nanos.length, null);
    return nanos;
  }

  private static long firstTimestamp(CsvRow row, long[] previousAndFirst) {
    if (previousAndFirst[1] < 0) {
      previousAndFirst[1] = timestamp(row);
    }
    return previousAndFirst[1];
  }

  private static long timestamp(CsvRow row) {
    String text = row.text(ARRIVAL_TIME);
    if (text == null) {
      throw row.bad(ARRIVAL_TIME, "must not be empty");
    }
    try {
      return nanos(LocalDateTime.parse(text.strip().replace(' ', 'T')));
    } catch (DateTimeParseException | ArithmeticException e) {
      throw row.bad(ARRIVAL_TIME, "must be a time like 1970-01-04 12:00:00");
    }
  }

  private static long nanos(LocalDateTime time) {
    return Duration.between(Instant.EPOCH, time.toInstant(ZoneOffset.UTC)).toNanos();
  }

  /**
   * A time that a configuration names.
   *
   * @throws IllegalArgumentException with the key if it is none
   */
  static LocalDateTime parseTimestamp(String key, String text) {
    try {
      return LocalDateTime.parse(text.strip().replace(' ', 'T'));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s (%s) must be a time like 1970-01-04 12:00:00".formatted(key, text), e);
    }
  }

  /**
   * The timestamps {@code arrival_time} strictly between two times, in the order of the file, in ns
   * from the earliest of them.
   */
  static long[] readTimestamps(Path file, LocalDateTime start, LocalDateTime end) {
    LongStream.Builder kept = LongStream.builder();
    new CsvTable(file, ARRIVAL_TIME)
        .forEach(
            row -> {
              long nanos = timestamp(row);
              if (nanos > nanos(start) && nanos < nanos(end)) {
                kept.add(nanos);
              }
            });
    long[] nanos = kept.build().toArray();
    long earliest = LongStream.of(nanos).min().orElse(0);
    return LongStream.of(nanos).map(arrival -> arrival - earliest).toArray();
  }

  /**
   * Writes arrivals twice: as timestamps, which Vidur reads, and as seconds, which keep a first
   * arrival after 0.
   */
  public static void writeArrivals(Path file, long[] nanos) {
    try (CsvWriter csv = writer(file)) {
      csv.writeRecord(ARRIVAL_TIME, ARRIVED_AT);
      for (long arrival : nanos) {
        LocalDateTime time =
            LocalDateTime.ofInstant(Instant.EPOCH.plusNanos(arrival), ZoneOffset.UTC);
        csv.writeRecord(TIMESTAMP.format(time), seconds(arrival));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The requests of a run folder's {@code request_metrics.csv}. */
  public static Workload readRunRequests(Path requestMetrics) {
    return RequestRows.readRun(requestMetrics);
  }

  /** The workload of a folder with {@code trace_lengths.csv} and {@code trace_intervals.csv}. */
  public static Workload readFolder(Path folder) {
    return WorkloadFolder.read(folder).workload();
  }

  /** Writes a workload as such a folder, without prompts. */
  public static void writeFolder(Path folder, Workload workload) {
    WorkloadFolder.of(workload).write(folder);
  }

  static CsvWriter writer(Path file) throws IOException {
    return CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file);
  }

  /** Decimal seconds, exact and without an exponent; whole ones as "2.0" like Vidur's. */
  static String seconds(long nanos) {
    BigDecimal seconds = BigDecimal.valueOf(nanos, 9).stripTrailingZeros();
    return (seconds.scale() < 1 ? seconds.setScale(1) : seconds).toPlainString();
  }
}
