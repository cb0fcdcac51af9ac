package io.plumbline.reference.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Replays of small workloads against a {@link TimedServer}. */
final class Replays {
  static final long MILLI = 1_000_000;
  static final int VOCABULARY = 32_000;
  static final Patience PATIENT = new Patience(Duration.ofSeconds(120), 0, Duration.ZERO);

  /** Prompt tokens of request 0; each later one has one more, so that a server can tell them. */
  private static final int FIRST_PROMPT_TOKENS = 100;

  private Replays() {}

  static Workload workload(int requests, long intervalNanos, int outputTokens) {
    List<Request> all = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      all.add(new Request(i, i * intervalNanos, FIRST_PROMPT_TOKENS + i, outputTokens));
    }
    return new Workload(all);
  }

  /** Which request of such a workload this is; below 0 for the probe before the run. */
  static int id(TimedServer.Received request) {
    return request.promptTokens() - FIRST_PROMPT_TOKENS;
  }

  static RequestForm form(Api api) {
    return new RequestForm(
        api, TimedServer.MODEL, true, true, 0, JsonNodeFactory.instance.objectNode());
  }

  static EndpointReplay open(TimedServer server, Patience patience, Workload workload) {
    Endpoint endpoint = new Endpoint(server.base(), null, HttpClient.Version.HTTP_1_1);
    return EndpointReplay.open(
        endpoint,
        form(Api.COMPLETIONS),
        PromptForm.TOKEN_IDS,
        VOCABULARY,
        patience,
        workload,
        null);
  }

  static RunTrace run(TimedServer server, Patience patience, Workload workload) {
    try (EndpointReplay replay = open(server, patience, workload)) {
      replay.warmUp(0);
      return replay.run(Stopwatch.start(), new RunCounts());
    }
  }
}
