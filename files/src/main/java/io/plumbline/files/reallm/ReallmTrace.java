package io.plumbline.files.reallm;

import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A trace of ReaLLM: requests in the order of their queue.
 *
 * @param arrivalSeconds exact, by request; those of the workload are rounded to ns
 */
public record ReallmTrace(Workload workload, double[] arrivalSeconds) {
  private static final String ID = "request_id";
  private static final String ARRIVAL = "arrival_timestamp";
  private static final String PROMPT = "prompt_size";
  private static final String OUTPUT = "token_size";

  /**
   * Reads a file.
   *
   * @throws BadInputException naming file, line, column and value
   */
  public static ReallmTrace read(Path file) {
    List<Request> requests = new ArrayList<>();
    List<Double> arrivals = new ArrayList<>();
    new CsvTable(file, ID, ARRIVAL, PROMPT, OUTPUT)
        .forEach(
            row -> {
              int id = row.integer(ID, 0);
              if (id != requests.size()) {
                throw row.bad(ID, "must count from 0. Maybe rows are missing above.");
              }
              double seconds = row.seconds(ARRIVAL);
              if (id > 0 && seconds < arrivals.get(id - 1)) {
                throw row.bad(ARRIVAL, "is before the row above. Maybe sort the file by it.");
              }
              arrivals.add(seconds);
              requests.add(
                  new Request(
                      id,
                      row.seconds(ARRIVAL, BigDecimal.ONE),
                      row.integer(PROMPT, 1),
                      row.integer(OUTPUT, 1)));
            });
    if (requests.isEmpty()) {
      throw new BadInputException("%s: no rows below the header".formatted(file));
    }
    return new ReallmTrace(
        new Workload(requests), arrivals.stream().mapToDouble(one -> one).toArray());
  }
}
