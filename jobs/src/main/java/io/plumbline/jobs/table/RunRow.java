package io.plumbline.jobs.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import java.util.Locale;
import java.util.Map;

/** A row of the table {@code run}: a finished run, its provenance and its totals. */
public record RunRow(
    @Column("simulated or measured") String origin,
    @Column("content hash of what determines the result") String runId,
    @Column(value = "what produced it, e.g. plumbline or djl-pytorch", absent = "unknown")
        String engine,
    @Column("content hash of the workload; only runs of the same workload can be compared")
        String workloadId,
    @Column(value = "name of the model", absent = "unknown") String model,
    @Column(value = "name of the device", absent = "unknown") String device,
    @Column(value = "name a person gave the run", absent = "it has none") String label,
    @Column(
            value = "which of several runs of the same file it is, from 1; they share the label",
            absent = "it is the only one")
        Integer repeat,
    @Column(value = "replica scheduler", absent = "unknown") String scheduler,
    @Column(value = "execution time predictor", absent = "measured or unknown") String predictor,
    @Column(value = "replicas of the model", absent = "unknown") Integer replicas,
    @Column(value = "devices that share each layer", absent = "unknown") Integer tensorParallel,
    @Column(value = "pipeline stages", absent = "unknown") Integer pipelineParallel,
    @Column(
            value =
                "what the run kept: requests, iterations, tokens or operators; each keeps the one"
                    + " before as well",
            absent = "not simulated by Plumbline")
        String recording,
    @Column("requests of the workload") int requests,
    @Column("requests that got all their output tokens") int completed,
    @Column("requests refused at arrival") int rejected,
    @Column("requests the run ended before") int unfinished,
    @Column("requests that broke: connection, timeout, server, or another number of tokens")
        int failed,
    @Column(
            value = "makespan: first arrival to last completion; seconds",
            absent = "no request completed")
        Double durationSeconds,
    @Column(value = "completed requests / makespan; 1/s", absent = "no makespan, or 0")
        Double throughputRequestsPerSecond,
    @Column(
            value = "output tokens of completed requests / makespan; 1/s",
            absent = "no makespan, or 0")
        Double throughputTokensPerSecond,
    @Column(value = "seed of everything drawn during the run", absent = "unknown") Long seed,
    @Column(value = "version of the code that determines the result", absent = "unknown")
        String codeVersion,
    @Column(value = "the full specification, as JSON", absent = "unknown") String specJson,
    @Column("versions that may matter, as a JSON object") String softwareJson,
    @Column(value = "ISO-8601 instant", absent = "unknown") String startedAt,
    @Column(value = "ISO-8601 instant", absent = "unknown") String endedAt,
    @Column(value = "name of the machine", absent = "unknown") String host,
    @Column(value = "under which others may use the run; SPDX", absent = "unknown") String licence,
    @Column(value = "where it was published", absent = "unknown or made here") String sourceUrl,
    @Column(
            value = "share of the predicted time that lies outside of what was measured",
            absent = "not predicted")
        Double extrapolatedFraction,
    @Column("completed; or failed: it broke, and has no rows elsewhere") String outcome,
    @Column(value = "why it failed", absent = "it did not") String message) {

  /** The outcome of a run that came to its end. */
  public static final String COMPLETED = "completed";

  /** The outcome of a run that broke. */
  public static final String FAILED = "failed";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double NANOS_PER_SECOND = 1e9;

  /** The row of a run; totals are taken from its trace. */
  public static RunRow of(RunManifest manifest, RunTrace trace, RunTags tags) {
    int completed = trace.count(RequestOutcome.COMPLETED);
    Double seconds = makespanSeconds(trace);
    boolean rates = seconds != null && seconds > 0;
    return new RunRow(
        partitionValue(manifest.origin()),
        manifest.runId(),
        manifest.engine(),
        manifest.workloadId(),
        manifest.model(),
        manifest.device(),
        tags.label(),
        repeat(manifest),
        tags.scheduler(),
        tags.predictor(),
        tags.replicas(),
        tags.tensorParallel(),
        tags.pipelineParallel(),
        tags.recording(),
        trace.requests().size(),
        completed,
        trace.count(RequestOutcome.REJECTED),
        trace.count(RequestOutcome.UNFINISHED),
        trace.count(RequestOutcome.FAILED),
        seconds,
        rates ? completed / seconds : null,
        rates ? completedTokens(trace) / seconds : null,
        manifest.seed(),
        manifest.codeVersion(),
        manifest.specJson(),
        json(manifest.software()),
        manifest.startedAt(),
        manifest.endedAt(),
        manifest.host(),
        manifest.licence(),
        manifest.sourceUrl(),
        trace.extrapolatedFraction(),
        COMPLETED,
        null);
  }

  /**
   * The row of a run that broke.
   *
   * @param requests of its workload, none of which counts as served
   * @param message what was thrown, or how the process ended
   */
  public static RunRow failed(RunManifest manifest, int requests, RunTags tags, String message) {
    return new RunRow(
        partitionValue(manifest.origin()),
        manifest.runId(),
        manifest.engine(),
        manifest.workloadId(),
        manifest.model(),
        manifest.device(),
        tags.label(),
        repeat(manifest),
        tags.scheduler(),
        tags.predictor(),
        tags.replicas(),
        tags.tensorParallel(),
        tags.pipelineParallel(),
        tags.recording(),
        requests,
        0,
        0,
        requests,
        0,
        null,
        null,
        null,
        manifest.seed(),
        manifest.codeVersion(),
        manifest.specJson(),
        json(manifest.software()),
        manifest.startedAt(),
        manifest.endedAt(),
        manifest.host(),
        manifest.licence(),
        manifest.sourceUrl(),
        null,
        FAILED,
        message);
  }

  private static Integer repeat(RunManifest manifest) {
    String repeat = manifest.software().get("repeat");
    return repeat == null || !repeat.matches("[1-9][0-9]{0,8}") ? null : Integer.valueOf(repeat);
  }

  static String partitionValue(Origin origin) {
    return origin.name().toLowerCase(Locale.ROOT);
  }

  private static Double makespanSeconds(RunTrace trace) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (RequestTiming request : trace.requests()) {
      first = Math.min(first, request.arrivalNanos());
      if (request.outcome() == RequestOutcome.COMPLETED) {
        last = Math.max(last, request.endNanos());
      }
    }
    return last == Long.MIN_VALUE ? null : (last - first) / NANOS_PER_SECOND;
  }

  private static long completedTokens(RunTrace trace) {
    long tokens = 0;
    for (RequestTiming request : trace.requests()) {
      tokens += request.outcome() == RequestOutcome.COMPLETED ? request.producedTokens() : 0;
    }
    return tokens;
  }

  private static String json(Map<String, String> software) {
    try {
      return JSON.writeValueAsString(software);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of strings is always JSON", e);
    }
  }
}
