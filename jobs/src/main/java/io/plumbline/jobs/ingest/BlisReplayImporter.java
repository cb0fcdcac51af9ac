package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.JsonFields;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.run.RunManifest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code blis replay} simulated: the {@code --results-path}, here called {@code
 * blis_results.json}, with the {@code --trace-data} that it read beside it as {@code
 * blis_trace.csv}. A request's TTFT and E2E are microseconds of the simulated clock after its
 * arrival. Requests that the results do not have were not finished.
 *
 * @see <a href="https://github.com/inference-sim/inference-sim">inference-sim</a>
 */
public final class BlisReplayImporter implements Importer {
  /** What it writes. */
  public static final String RESULTS = "blis_results.json";

  /** What it read. */
  public static final String TRACE = "blis_trace.csv";

  private static final double NANOS_PER_MICRO = 1e3;

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFolderWith(path, RESULTS, TRACE);
  }

  @Override
  public String fileNames() {
    return "folders with %s and %s".formatted(RESULTS, TRACE);
  }

  @Override
  public void read(Part part, Findings findings) {
    Path file = part.folder().resolve(RESULTS);
    Map<Integer, JsonFields> results = new HashMap<>();
    JsonNode array = Json.readTree(file);
    if (!array.isArray()) {
      throw new BadInputException("%s: must be a list of requests".formatted(file));
    }
    for (JsonNode request : array) {
      JsonFields fields = JsonFields.of("%s[%d]".formatted(file, results.size()), request);
      results.put(fields.requiredInteger("request_id", 0), fields);
    }
    RequestLog log = new RequestLog();
    new CsvTable(
            part.folder().resolve(TRACE),
            "request_id",
            "input_tokens",
            "output_tokens",
            "arrival_time_us")
        .forEach(row -> add(row, results.remove(row.integer("request_id", 0)), log));
    if (!results.isEmpty()) {
      throw new BadInputException(
          "%s: %s has no request %s".formatted(file, TRACE, results.keySet()));
    }
    findings.run(
        new ImportedRun(
            null,
            log.toRun(
                RequestLog.Zero.OF_THE_LOG,
                List.of(),
                workloadId ->
                    RunManifest.simulatedBy("blis", "r" + part.contentHash(), workloadId)),
            ImportedRun.Deployment.UNKNOWN,
            List.of()));
  }

  private static void add(CsvRow row, JsonFields result, RequestLog log) {
    int output = row.integer("output_tokens", 1);
    long arrival = row.count("arrival_time_us") * 1000;
    RequestLog.Entry entry = log.add(row.where(), arrival, row.integer("input_tokens", 1), output);
    if (result == null) {
      return;
    }
    int produced = result.requiredInteger("output_tokens", 0);
    if (produced != output) {
      throw result.bad("output_tokens", "is not what the trace asks for (%d)".formatted(output));
    }
    entry
        .firstToken(arrival + micros(result, "ttft_us"))
        .completed(arrival + micros(result, "e2e_us"));
  }

  private static long micros(JsonFields result, String key) {
    return Math.round(result.requiredDecimal(key).doubleValue() * NANOS_PER_MICRO);
  }
}
