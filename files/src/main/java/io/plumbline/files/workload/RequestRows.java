package io.plumbline.files.workload;

import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Puts rows with a {@code request_id} into the order of their ids, which must be 0…n-1, each once.
 */
public final class RequestRows {
  private static final String REQUEST_ID = "request_id";

  /** What was made of a row, and its line. */
  public record Located<T>(long line, T value) {}

  private RequestRows() {}

  /** Makes one value of a row. */
  public interface Reading<T> {
    /**
     * @param id the row's request id
     */
    T read(int id, CsvRow row);
  }

  /**
   * The rows of a file by request id.
   *
   * @param columns columns that are required besides {@code request_id}
   * @throws BadInputException naming the first id that is duplicated or missing
   */
  public static <T> List<Located<T>> read(Path file, List<String> columns, Reading<T> reading) {
    List<String> required = new ArrayList<>(columns);
    required.add(0, REQUEST_ID);
    TreeMap<Integer, Located<T>> byId = new TreeMap<>();
    new CsvTable(file, required.toArray(String[]::new))
        .forEach(
            row -> {
              int id = row.integer(REQUEST_ID, 0);
              Located<T> first = byId.get(id);
              if (first != null) {
                throw row.bad(REQUEST_ID, "is there already in line " + first.line());
              }
              byId.put(id, new Located<>(row.line(), reading.read(id, row)));
            });
    if (byId.isEmpty()) {
      throw new BadInputException("%s: no rows below the header".formatted(file));
    }
    List<Located<T>> values = new ArrayList<>();
    byId.forEach(
        (id, seen) -> {
          if (id != values.size()) {
            throw new BadInputException(
                "%s:%d: request_id (%d) follows on a gap: %d is missing. Ids must be 0, 1, 2, …"
                    .formatted(file, seen.line(), id, values.size()));
          }
          values.add(seen);
        });
    return values;
  }

  /**
   * A workload of requests in the order of their ids.
   *
   * @throws BadInputException if their arrivals are not in that order
   */
  public static Workload workload(Path file, List<Located<Request>> rows) {
    List<Request> requests = new ArrayList<>();
    long previousNanos = 0;
    for (Located<Request> row : rows) {
      Request request = row.value();
      if (request.arrivalNanos() < previousNanos) {
        throw new BadInputException(
            "%s:%d: arrival_time_ns (%d) of request %d is before that of request %d (%d). Maybe number the requests by arrival."
                .formatted(
                    file,
                    row.line(),
                    request.arrivalNanos(),
                    request.id(),
                    request.id() - 1,
                    previousNanos));
      }
      previousNanos = request.arrivalNanos();
      requests.add(request);
    }
    return new Workload(requests);
  }

  static Workload readRun(Path requestMetrics) {
    List<String> columns = List.of("arrival_time_ns", "num_prefill_tokens", "num_decode_tokens");
    List<Located<Request>> requests =
        read(
            requestMetrics,
            columns,
            (id, row) ->
                OptionalColumns.request(
                    row,
                    id,
                    row.nanos("arrival_time_ns"),
                    row.integer("num_prefill_tokens", 1),
                    row.integer("num_decode_tokens", 1)));
    return workload(requestMetrics, requests);
  }
}
