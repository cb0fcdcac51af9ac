package io.plumbline.files.workload;

import io.plumbline.files.TextFiles;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.TokenLengths;
import io.plumbline.trace.workload.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * The LLM inference traces of Azure: CSV files with {@code TIMESTAMP}, {@code ContextTokens} and
 * {@code GeneratedTokens}. Those of 2023 have times like {@code 2023-11-16 18:17:03.9799600}, those
 * of 2024 like {@code 2024-05-10 00:00:00.009930+00:00}; a time without an offset is UTC. Arrivals
 * count from the first row.
 *
 * @see <a href="https://github.com/Azure/AzurePublicDataset">AzurePublicDataset</a>
 */
final class AzureTrace {
  private static final String TIMESTAMP = "TIMESTAMP";
  private static final String CONTEXT = "ContextTokens";
  private static final String GENERATED = "GeneratedTokens";

  private final TraceLimits limits;
  private final BigDecimal timeScale;
  private final List<Request> requests = new ArrayList<>();
  private OffsetDateTime first;

  private AzureTrace(TraceLimits limits) {
    this.limits = limits;
    this.timeScale = BigDecimal.valueOf(limits.timeScale());
  }

  /** Whether a file's header names the time of this form and not that of the other. */
  static boolean isIn(Path file) {
    try (BufferedReader lines = TextFiles.open(file)) {
      String header = lines.readLine();
      return header != null && header.contains(TIMESTAMP) && !header.contains("arrived_at");
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  /** Reads no further than the limits say: the files of a week have tens of millions of rows. */
  static Workload read(Path file, TraceLimits limits) {
    AzureTrace trace = new AzureTrace(limits);
    new CsvTable(file, TIMESTAMP, CONTEXT, GENERATED).whileWanted(trace::add);
    TraceFiles.requireRows(file, trace.requests.size(), limits.requests());
    return new Workload(trace.requests);
  }

  private boolean add(CsvRow row) {
    OffsetDateTime time = time(row);
    first = first == null ? time : first;
    long nanos = sinceFirst(row, time);
    TraceFiles.requireSorted(row, TIMESTAMP, nanos, TraceFiles.last(requests));
    TokenLengths.Pair pair =
        limits.lengths(row.integer(CONTEXT, 0), row.integer(GENERATED, 0), row.where());
    requests.add(new Request(requests.size(), nanos, pair.promptTokens(), pair.outputTokens()));
    return !limits.enough(requests.size());
  }

  private static OffsetDateTime time(CsvRow row) {
    String text = row.required(TIMESTAMP).strip().replace(' ', 'T');
    try {
      return hasOffset(text)
          ? OffsetDateTime.parse(text)
          : LocalDateTime.parse(text).atOffset(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw row.bad(
          TIMESTAMP,
          "must be a time like 2023-11-16 18:17:03.9799600 or 2024-05-10 00:00:00.009930+00:00");
    }
  }

  private static boolean hasOffset(String text) {
    int time = text.indexOf('T');
    return text.endsWith("Z") || text.indexOf('+') > time || text.lastIndexOf('-') > time;
  }

  private long sinceFirst(CsvRow row, OffsetDateTime time) {
    try {
      long nanos = Duration.between(first, time).toNanos();
      return BigDecimal.valueOf(nanos)
          .multiply(timeScale)
          .setScale(0, RoundingMode.HALF_UP)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw row.bad(TIMESTAMP, "is out of range (292 years after the first row)");
    }
  }
}
