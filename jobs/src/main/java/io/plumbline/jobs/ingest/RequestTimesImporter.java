package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.run.RunManifest;
import java.nio.file.Path;
import java.util.List;

/**
 * Requests and their times as the simplest program can write them: {@code NAME.request_times.csv}
 * with {@code arrival_s}, {@code prompt_tokens}, {@code output_tokens}, {@code start_s}, {@code
 * first_token_s}, {@code end_s} in seconds of the simulated clock; the last three are empty where a
 * request did not get there. The engine is the name.
 */
public final class RequestTimesImporter implements Importer {
  /** How the files are called after the name. */
  public static final String SUFFIX = ".request_times.csv";

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(path, file -> file.getFileName().toString().endsWith(SUFFIX));
  }

  @Override
  public String fileNames() {
    return "files NAME" + SUFFIX;
  }

  @Override
  public void read(Part part, Findings findings) {
    RequestLog log = new RequestLog();
    new CsvTable(
            part.file(),
            "request_id",
            "arrival_s",
            "prompt_tokens",
            "output_tokens",
            "start_s",
            "first_token_s",
            "end_s")
        .andAtMost()
        .forEach(row -> add(row, log));
    if (log.size() == 0) {
      throw new BadInputException("%s: no rows below the header".formatted(part.file()));
    }
    String name = part.file().getFileName().toString();
    String engine = name.substring(0, name.length() - SUFFIX.length());
    findings.run(
        new ImportedRun(
            null,
            log.toRun(
                RequestLog.Zero.OF_THE_LOG,
                List.of(),
                workloadId ->
                    RunManifest.simulatedBy(engine, "r" + part.contentHash(), workloadId)),
            ImportedRun.Deployment.UNKNOWN,
            List.of()));
  }

  private static void add(CsvRow row, RequestLog log) {
    RequestLog.Entry entry =
        log.add(
                row.where(),
                nanos(row, "arrival_s"),
                row.integer("prompt_tokens", 1),
                row.integer("output_tokens", 1))
            .scheduled(row.text("start_s") == null ? null : nanos(row, "start_s"))
            .firstToken(row.text("first_token_s") == null ? null : nanos(row, "first_token_s"));
    if (row.text("end_s") != null) {
      entry.completed(nanos(row, "end_s"));
    }
  }

  private static Long nanos(CsvRow row, String column) {
    return VidurImporter.nanos(row.seconds(column));
  }
}
