package io.plumbline.files.run;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.workload.OptionalColumns;
import io.plumbline.files.workload.RequestRows;
import io.plumbline.files.workload.RequestRows.Located;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code request_metrics.csv}: one row per request. Columns of ours that the contract does not have
 * are written only if they say something, and are null when read from files without them.
 */
final class RequestTable {
  private static final String ARRIVAL = "arrival_time_ns";
  private static final String FIRST_TOKEN = "first_token_time_ns";
  private static final String TTFT = "ttft_ns";
  private static final String COMPLETION = "completion_time_ns";
  private static final String PREFILL = "num_prefill_tokens";
  private static final String DECODE = "num_decode_tokens";
  private static final String PRODUCED = "num_decode_tokens_actual";
  private static final String STATUS = "status";
  private static final String SCHEDULED = "scheduled_time_ns";
  private static final String REPLICA = "replica";
  private static final String PREEMPTIONS = "preemptions";
  private static final String EXECUTION = "execution_time_ns";
  private static final String MODEL_EXECUTION = "model_execution_time_ns";
  private static final String PREEMPTED = "preempted_time_ns";

  private record Row(Request request, RequestTiming timing) {}

  /** The requests and their timings, both in the order of ids. */
  record Loaded(Workload workload, List<RequestTiming> timings) {}

  private RequestTable() {}

  static Loaded read(Path file) {
    List<String> columns =
        List.of(ARRIVAL, FIRST_TOKEN, TTFT, COMPLETION, PREFILL, DECODE, PRODUCED, STATUS);
    List<Located<Row>> rows = RequestRows.read(file, columns, RequestTable::row);
    List<Located<Request>> requests = new ArrayList<>();
    List<RequestTiming> timings = new ArrayList<>();
    for (Located<Row> row : rows) {
      requests.add(new Located<>(row.line(), row.value().request()));
      timings.add(row.value().timing());
    }
    return new Loaded(RequestRows.workload(file, requests), timings);
  }

  private static Row row(int id, CsvRow row) {
    long arrival = row.nanos(ARRIVAL);
    Long firstToken = row.nanosOrNull(FIRST_TOKEN);
    Long completion = row.nanosOrNull(COMPLETION);
    RequestOutcome outcome = outcome(row);
    requireConsistent(row, arrival, firstToken, completion, outcome);
    Request request =
        OptionalColumns.request(row, id, arrival, row.integer(PREFILL, 1), row.integer(DECODE, 1));
    Integer preemptions = row.integerOrNull(PREEMPTIONS, 0);
    try {
      RequestTiming timing =
          new RequestTiming(
              id,
              row.integerOrNull(REPLICA, 0),
              arrival,
              row.nanosOrNull(SCHEDULED),
              firstToken,
              completion,
              request.promptTokens(),
              request.outputTokens(),
              row.integer(PRODUCED, 0),
              preemptions == null ? 0 : preemptions,
              outcome,
              row.nanosOrNull(EXECUTION),
              row.nanosOrNull(MODEL_EXECUTION),
              row.nanosOrNull(PREEMPTED),
              null);
      return new Row(request, timing);
    } catch (IllegalArgumentException e) {
      throw row.bad(e.getMessage());
    }
  }

  private static RequestOutcome outcome(CsvRow row) {
    String status = row.text(STATUS);
    if (status == null) {
      throw row.bad(STATUS, "must not be empty");
    }
    return switch (status) {
      case "ok" -> RequestOutcome.COMPLETED;
      case "rejected" -> RequestOutcome.REJECTED;
      case "unfinished", "incomplete", "partial" -> RequestOutcome.UNFINISHED;
      case "failed", "error", "timeout" -> RequestOutcome.FAILED;
      default ->
          throw row.bad(
              STATUS,
              "must be one of ok, rejected, unfinished, incomplete, partial, failed, error, timeout");
    };
  }

  private static String status(RequestOutcome outcome) {
    return switch (outcome) {
      case COMPLETED -> "ok";
      case REJECTED -> "rejected";
      case UNFINISHED -> "unfinished";
      case FAILED -> "failed";
    };
  }

  private static void requireConsistent(
      CsvRow row, long arrival, Long firstToken, Long completion, RequestOutcome outcome) {
    Long ttft = firstToken == null ? null : (Long) (firstToken - arrival);
    if (!Objects.equals(row.nanosOrNull(TTFT), ttft)) {
      throw row.bad(
          TTFT,
          "must be first_token_time_ns - arrival_time_ns (%s)"
              .formatted(ttft == null ? "empty" : ttft.toString()));
    }
    if (firstToken != null && completion != null && completion < firstToken) {
      throw row.bad(COMPLETION, "is before first_token_time_ns (%d)".formatted(firstToken));
    }
    if (outcome == RequestOutcome.COMPLETED && (firstToken == null || completion == null)) {
      throw row.bad(
          firstToken == null ? FIRST_TOKEN : COMPLETION, "must not be empty if status is ok");
    }
  }

  static void write(Path file, Workload workload, List<RequestTiming> timings, String backend)
      throws IOException {
    boolean scheduled = timings.stream().anyMatch(t -> t.scheduledNanos() != null);
    boolean replica = timings.stream().anyMatch(t -> t.replica() != null);
    boolean preemptions = timings.stream().anyMatch(t -> t.preemptions() != 0);
    boolean execution = timings.stream().anyMatch(t -> t.executionNanos() != null);
    boolean modelExecution = timings.stream().anyMatch(t -> t.modelExecutionNanos() != null);
    boolean preempted = timings.stream().anyMatch(t -> t.preemptedNanos() != null);
    OptionalColumns optional = OptionalColumns.of(workload);
    try (CsvWriter csv = Csv.writer(file)) {
      List<String> header =
          new ArrayList<>(
              List.of(
                  "request_id",
                  ARRIVAL,
                  FIRST_TOKEN,
                  TTFT,
                  COMPLETION,
                  PREFILL,
                  DECODE,
                  PRODUCED,
                  STATUS,
                  "backend"));
      Csv.addIf(header, scheduled, SCHEDULED);
      Csv.addIf(header, replica, REPLICA);
      Csv.addIf(header, preemptions, PREEMPTIONS);
      Csv.addIf(header, execution, EXECUTION);
      Csv.addIf(header, modelExecution, MODEL_EXECUTION);
      Csv.addIf(header, preempted, PREEMPTED);
      header.addAll(optional.header());
      csv.writeRecord(header);
      for (RequestTiming timing : timings) {
        List<String> row = contractFields(timing, backend);
        Csv.addIf(row, scheduled, Csv.text(timing.scheduledNanos()));
        Csv.addIf(row, replica, Csv.text(timing.replica()));
        Csv.addIf(row, preemptions, Csv.text(timing.preemptions()));
        Csv.addIf(row, execution, Csv.text(timing.executionNanos()));
        Csv.addIf(row, modelExecution, Csv.text(timing.modelExecutionNanos()));
        Csv.addIf(row, preempted, Csv.text(timing.preemptedNanos()));
        row.addAll(optional.fields(workload.request(timing.requestId())));
        csv.writeRecord(row);
      }
    }
  }

  private static List<String> contractFields(RequestTiming timing, String backend) {
    List<String> row = new ArrayList<>();
    row.add(Csv.text(timing.requestId()));
    row.add(Csv.text(timing.arrivalNanos()));
    row.add(Csv.text(timing.firstTokenNanos()));
    row.add(Csv.text(timing.ttftNanos()));
    row.add(Csv.text(timing.endNanos()));
    row.add(Csv.text(timing.promptTokens()));
    row.add(Csv.text(timing.outputTokens()));
    row.add(Csv.text(timing.producedTokens()));
    row.add(status(timing.outcome()));
    row.add(Csv.text(backend));
    return row;
  }
}
