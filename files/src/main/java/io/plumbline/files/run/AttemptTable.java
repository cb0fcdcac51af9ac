package io.plumbline.files.run;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.plumbline.files.Names;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.run.RequestAttempt;
import io.plumbline.trace.run.RequestAttempt.TokenSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code attempt_metrics.csv}: one row per sending of a request to a server. */
final class AttemptTable {
  private static final String REQUEST_ID = "request_id";
  private static final String TOKEN_SOURCE = "token_source";
  private static final String[] COLUMNS = {
    REQUEST_ID,
    "attempt",
    "planned_time_ns",
    "sent_time_ns",
    "end_time_ns",
    "http_status",
    "chunks",
    "prompt_tokens",
    "completion_tokens",
    TOKEN_SOURCE,
    "error"
  };

  private AttemptTable() {}

  static List<RequestAttempt> read(Path file, int requests) {
    List<RequestAttempt> attempts = new ArrayList<>();
    new CsvTable(file, COLUMNS).forEach(row -> attempts.add(attempt(row, requests)));
    return attempts;
  }

  private static RequestAttempt attempt(CsvRow row, int requests) {
    int id = row.integer(REQUEST_ID, 0);
    if (id >= requests) {
      throw row.bad(
          REQUEST_ID, "is not in request_metrics.csv, which ends with %d".formatted(requests - 1));
    }
    try {
      return new RequestAttempt(
          id,
          row.integer("attempt", 0),
          row.nanos("planned_time_ns"),
          row.nanosOrNull("sent_time_ns"),
          row.nanos("end_time_ns"),
          row.integerOrNull("http_status", 0),
          row.integer("chunks", 0),
          row.integerOrNull("prompt_tokens", 0),
          row.integerOrNull("completion_tokens", 0),
          tokenSource(row),
          row.text("error"));
    } catch (IllegalArgumentException e) {
      throw row.bad(e.getMessage());
    }
  }

  private static TokenSource tokenSource(CsvRow row) {
    String text = row.text(TOKEN_SOURCE);
    if (text == null) {
      return null;
    }
    return Stream.of(TokenSource.values())
        .filter(source -> Names.constant(source).equals(text))
        .findFirst()
        .orElseThrow(() -> row.bad(TOKEN_SOURCE, "must be one of " + known()));
  }

  private static String known() {
    return Stream.of(TokenSource.values()).map(Names::constant).collect(Collectors.joining(", "));
  }

  static void write(Path file, List<RequestAttempt> attempts) throws IOException {
    try (CsvWriter csv = Csv.writer(file)) {
      csv.writeRecord(COLUMNS);
      for (RequestAttempt attempt : attempts) {
        TokenSource source = attempt.tokenSource();
        csv.writeRecord(
            Csv.text(attempt.requestId()),
            Csv.text(attempt.attempt()),
            Csv.text(attempt.plannedNanos()),
            Csv.text(attempt.sentNanos()),
            Csv.text(attempt.endNanos()),
            Csv.text(attempt.httpStatus()),
            Csv.text(attempt.chunks()),
            Csv.text(attempt.promptTokens()),
            Csv.text(attempt.completionTokens()),
            source == null ? "" : Names.constant(source),
            Csv.text(attempt.error()));
      }
    }
  }
}
