package io.plumbline.jobs;

import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.OperatorTime;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small runs whose metrics can be worked out in the head. */
public final class TestRuns {
  public static final long MILLI = 1_000_000;
  public static final long SECOND = 1_000_000_000;

  /** Reference: first tokens after 10, 20, 30 ms and a token every 10 ms. */
  public static final RunTrace REFERENCE = trace(10 * MILLI, 10, 20, 30);

  /** Simulated: first tokens after 11, 20, 27 ms and a token every 9 ms. */
  public static final RunTrace SIMULATED = trace(9 * MILLI, 11, 20, 27);

  private TestRuns() {}

  /** Request i arrives at i s, its first token comes after the i-th TTFT, two more follow. */
  public static RunTrace trace(long gapNanos, long... ttftMillis) {
    List<RequestTiming> requests = new ArrayList<>();
    long[][] tokens = new long[ttftMillis.length][];
    for (int i = 0; i < ttftMillis.length; i++) {
      long first = i * SECOND + ttftMillis[i] * MILLI;
      tokens[i] = new long[] {first, first + gapNanos, first + 2 * gapNanos};
      requests.add(
          new RequestTiming(
              i,
              0,
              i * SECOND,
              i * SECOND,
              first,
              tokens[i][2],
              16,
              3,
              3,
              0,
              RequestOutcome.COMPLETED));
    }
    return new RunTrace(
        requests,
        List.of(new IterationTiming(0, 0, 0, 0, 10 * MILLI, 1, 16, 0, 1)),
        TokenTimes.of(tokens));
  }

  /** The trace with one request cut short: it produced a single token and never ended. */
  public static RunTrace unfinished(RunTrace trace, int requestId) {
    List<RequestTiming> requests = new ArrayList<>(trace.requests());
    RequestTiming r = requests.get(requestId);
    requests.set(
        requestId,
        new RequestTiming(
            requestId,
            r.replica(),
            r.arrivalNanos(),
            r.scheduledNanos(),
            r.firstTokenNanos(),
            null,
            r.promptTokens(),
            r.outputTokens(),
            1,
            0,
            RequestOutcome.UNFINISHED));
    return new RunTrace(requests, trace.iterations(), trace.tokens());
  }

  /** The trace with two iterations in parts of 1, 2, 20 and 4 ms. */
  public static RunTrace withPhases(RunTrace trace) {
    List<IterationTiming> iterations = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      iterations.add(
          new IterationTiming(
              0,
              0,
              i,
              i * SECOND,
              27 * MILLI,
              1,
              16,
              0,
              1,
              null,
              null,
              null,
              null,
              MILLI,
              2 * MILLI,
              20 * MILLI,
              4 * MILLI));
    }
    return new RunTrace(trace.requests(), iterations, trace.tokens());
  }

  /** The trace with the operators of one iteration: 4 calls of 7 ms, and the host's. */
  public static RunTrace withOperators(RunTrace trace) {
    return new RunTrace(
        trace.requests(),
        trace.iterations(),
        trace.tokens(),
        List.of(),
        null,
        List.of(
            new OperatorTime(0, 0, 0, "sampler_e2e", 4e6, 1),
            new OperatorTime(0, 0, 0, "mlp_up_proj", 7e6, 4),
            new OperatorTime(0, 0, 0, "schedule", 0.5e6, 1),
            new OperatorTime(0, 0, 0, "prepare_inputs_e2e", 1.5e6, 1),
            new OperatorTime(0, 0, 0, "process_model_outputs", 0.25e6, 1)),
        List.of(),
        null);
  }

  public static RunManifest measured(String runId) {
    return manifest(runId, Origin.MEASURED, "w1");
  }

  /** One of several runs of the same file. */
  public static RunManifest repeat(String runId, int repeat) {
    return manifest(runId, Origin.MEASURED, "w1", Map.of("repeat", Integer.toString(repeat)));
  }

  public static RunManifest simulated(String runId) {
    return manifest(runId, Origin.SIMULATED, "w1");
  }

  public static RunManifest manifest(String runId, Origin origin, String workloadId) {
    return manifest(runId, origin, workloadId, Map.of("java", "17"));
  }

  private static RunManifest manifest(
      String runId, Origin origin, String workloadId, Map<String, String> software) {
    return new RunManifest(
        runId,
        origin,
        origin == Origin.MEASURED ? "vllm" : "plumbline",
        workloadId,
        "{}",
        7L,
        "abc123",
        "A100",
        "llama",
        software,
        "2026-01-01T00:00:00Z",
        null,
        null);
  }
}
