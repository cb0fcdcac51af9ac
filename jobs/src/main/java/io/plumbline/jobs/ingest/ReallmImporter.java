package io.plumbline.jobs.ingest;

import io.plumbline.files.reallm.ReallmResults;
import io.plumbline.files.reallm.ReallmTrace;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.workload.Request;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

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

  private static final double NANOS_PER_SECOND = 1e9;

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
    List<Request> requests = ReallmTrace.read(trace).workload().requests();
    Map<Integer, ReallmResults.Finished> results = new HashMap<>();
    ReallmResults.read(part.folder().resolve(RESULTS), requests.size())
        .requests()
        .forEach(one -> results.put(one.id(), one));
    RequestLog log = new RequestLog();
    for (Request request : requests) {
      add(trace, request, results.get(request.id()), log);
    }
    findings.run(
        new ImportedRun(
            null,
            log.toRun(
                RequestLog.Zero.OF_THE_LOG,
                List.of(),
                workloadId ->
                    RunManifest.simulatedBy("reallm", "r" + part.contentHash(), workloadId)),
            ImportedRun.Deployment.UNKNOWN,
            List.of()));
  }

  private static void add(
      Path trace, Request request, ReallmResults.Finished result, RequestLog log) {
    RequestLog.Entry entry =
        log.add(
            // Below the header.
            "%s:%d".formatted(trace, request.id() + 2),
            request.arrivalNanos(),
            request.promptTokens(),
            request.outputTokens());
    if (result == null || result.tokenSeconds().length == 0) {
      return;
    }
    long[] tokens =
        DoubleStream.of(result.tokenSeconds())
            .mapToLong(seconds -> Math.round(seconds * NANOS_PER_SECOND))
            .toArray();
    entry.firstToken(tokens[0]);
    if (tokens.length == request.outputTokens()) {
      entry.completed(tokens[tokens.length - 1]).tokens(tokens);
    }
  }
}
