package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.TextFiles;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What ReaLLM v2 simulated: {@code sim_results.csv}, with the trace that it read beside it as
 * {@code trace.csv}, which has the lengths. Times are seconds of the simulated clock with four
 * digits, one for each token. The file ends before the first request that has not all its tokens,
 * so those that follow are unfinished, as far as one can tell.
 *
 * @see <a href="https://github.com/bespoke-silicon-group/reallm">ReaLLM, branch reallm_v2</a>
 */
public final class ReallmImporter implements Importer {
  /** What it writes. */
  public static final String RESULTS = "sim_results.csv";

  /** What it read. */
  public static final String TRACE = "trace.csv";

  private static final String HEADER = "request_id,arrival_time,finish_time";
  private static final int FIRST_TIME = 2;

  /** Written where a token has no time. */
  private static final String NONE = "None";

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
    Path trace = part.folder().resolve(TRACE);
    Map<Integer, long[]> tokens = tokens(part.folder().resolve(RESULTS));
    RequestLog log = new RequestLog();
    new CsvTable(trace, "request_id", "arrival_timestamp", "prompt_size", "token_size")
        .forEach(row -> add(row, tokens.remove(row.integer("request_id", 0)), log));
    if (!tokens.isEmpty()) {
      throw new BadInputException(
          "%s: %s has no request %s".formatted(part.file(), trace, tokens.keySet()));
    }
    findings.run(
        new ImportedRun(
            null,
            log.toRun(
                RequestLog.Zero.OF_THE_LOG,
                List.of(),
                workloadId -> manifest("r" + part.contentHash(), workloadId)),
            ImportedRun.Deployment.UNKNOWN,
            List.of()));
  }

  private static void add(CsvRow row, long[] tokens, RequestLog log) {
    int output = row.integer("token_size", 1);
    RequestLog.Entry entry =
        log.add(
            row.where(),
            nanos(row.decimal("arrival_timestamp")),
            row.integer("prompt_size", 1),
            output);
    if (tokens == null || tokens.length == 0) {
      return;
    }
    entry.firstToken(tokens[0]);
    if (tokens.length == output) {
      entry.completed(tokens[output - 1]).tokens(tokens);
    }
  }

  private static Map<Integer, long[]> tokens(Path file) {
    Map<Integer, long[]> tokens = new LinkedHashMap<>();
    try (BufferedReader lines = TextFiles.open(file)) {
      String header = lines.readLine();
      if (header == null || !header.strip().startsWith(HEADER)) {
        throw new BadInputException("%s:1: the header must be %s".formatted(file, HEADER));
      }
      int number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          takeLine("%s:%d".formatted(file, number), line, tokens);
        }
      }
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
    return tokens;
  }

  private static void takeLine(String where, String line, Map<Integer, long[]> tokens) {
    String[] fields = line.strip().split(",", -1);
    try {
      int count = fields.length;
      // A line ends in a comma.
      while (count > FIRST_TIME
          && (fields[count - 1].isEmpty() || fields[count - 1].equals(NONE))) {
        count--;
      }
      long[] times = new long[count - FIRST_TIME];
      for (int i = 0; i < times.length; i++) {
        times[i] = nanos(new BigDecimal(fields[i + FIRST_TIME]));
      }
      tokens.put(Integer.valueOf(fields[0]), times);
    } catch (NumberFormatException
        | ArrayIndexOutOfBoundsException
        | NegativeArraySizeException e) {
      throw new BadInputException(
          "%s: must be a request's id, its arrival and times, not: %s".formatted(where, line), e);
    }
  }

  private static long nanos(BigDecimal seconds) {
    return seconds.movePointRight(9).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }

  private static RunManifest manifest(String runId, String workloadId) {
    return new RunManifest(
        runId,
        Origin.SIMULATED,
        "reallm",
        workloadId,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        null,
        null);
  }
}
