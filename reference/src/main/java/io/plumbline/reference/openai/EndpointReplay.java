package io.plumbline.reference.openai;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.replay.PreparedRun;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.run.RequestAttempt;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Replays a workload against a server in real time, open loop. Times are the client's: a request
 * arrives when the workload says so, a token when the bytes of its chunk do. When the server
 * started with a request is not to be seen from here.
 */
public final class EndpointReplay implements PreparedRun {
  private final Endpoint endpoint;
  private final RequestForm form;
  private final Prompts prompts;
  private final Patience patience;
  private final Workload workload;
  private final long salt;
  private final Map<String, String> software = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private final String device;
  private BodyQueue bodies;

  private EndpointReplay(
      Endpoint endpoint,
      RequestForm form,
      Prompts prompts,
      Patience patience,
      Workload workload,
      String device) {
    this.endpoint = endpoint;
    this.form = form;
    this.prompts = prompts;
    this.patience = patience;
    this.workload = workload;
    this.device = device;
    // Fresh for every run, so that the server has none of its prompts in a cache; recorded.
    this.salt = new SecureRandom().nextLong();
  }

  /**
   * Makes sure that the server is there and serves such requests.
   *
   * @param vocabularySize token ids of the model
   * @param device what serves, as the user knows it; null if unknown
   * @throws BadInputException if it does not
   */
  public static EndpointReplay open(
      Endpoint endpoint,
      RequestForm form,
      PromptForm promptForm,
      int vocabularySize,
      Patience patience,
      Workload workload,
      String device) {
    ServerFacts server = ServerFacts.ask(endpoint, form.model());
    Prompts prompts =
        switch (promptForm) {
          case TOKEN_IDS -> new Prompts.Ids(vocabularySize);
          case TEXT -> Calibration.of(endpoint, form);
        };
    EndpointReplay replay = new EndpointReplay(endpoint, form, prompts, patience, workload, device);
    try {
      Probe.send(endpoint, form, prompts, replay.salt + 1);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    replay.note("served_by", server.servedBy());
    replay.note("server_version", server.version());
    replay.note("http_version", Names.constant(server.http()));
    replay.note("clock", "client");
    replay.note("prompt_salt", Long.toHexString(replay.salt));
    if (prompts instanceof Prompts.Words words) {
      replay.note("prompt_words", Integer.toString(words.words().size()));
      replay.note("prompt_overhead_tokens", Integer.toString(words.overheadTokens()));
    }
    return replay;
  }

  private void note(String name, String value) {
    if (value != null) {
      software.put(name, value);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted: nothing is kept of this run", e);
  }

  /** The first requests of the workload, starting over where it is shorter, all at once. */
  @Override
  public void warmUp(int requests) {
    List<Request> some =
        IntStream.range(0, requests)
            .mapToObj(i -> atZero(i, workload.request(i % workload.size())))
            .toList();
    try (BodyQueue warm = queue(some, salt + 2)) {
      List<OpenLoop.Served> served = serve(some, warm, Stopwatch.start(), new RunCounts());
      long failed =
          served.stream().filter(s -> s.timing().outcome() != RequestOutcome.COMPLETED).count();
      if (failed > 0) {
        findings.add("%d of %d warm-up requests did not complete".formatted(failed, requests));
      }
      bodies = queue(workload.requests(), salt);
      bodies.awaitAhead();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Request atZero(int id, Request request) {
    return new Request(id, 0, request.promptTokens(), request.outputTokens());
  }

  private BodyQueue queue(List<Request> requests, long withSalt) {
    return new BodyQueue(requests, request -> form.stream(request, prompts, withSalt));
  }

  private List<OpenLoop.Served> serve(
      List<Request> requests, BodyQueue from, Stopwatch stopwatch, RunCounts counts)
      throws InterruptedException {
    try (OpenLoop loop = new OpenLoop(endpoint, form.api().path(), patience, stopwatch, counts)) {
      return loop.run(requests, from);
    }
  }

  @Override
  public RunTrace run(Stopwatch stopwatch, RunCounts counts) {
    List<OpenLoop.Served> served;
    try {
      served = serve(workload.requests(), bodies, stopwatch, counts);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    List<RequestTiming> timings = served.stream().map(OpenLoop.Served::timing).toList();
    long[][] tokens = served.stream().map(OpenLoop.Served::tokenNanos).toArray(long[][]::new);
    List<RequestAttempt> attempts = served.stream().flatMap(s -> s.attempts().stream()).toList();
    noteDelay(attempts);
    notePrompts(attempts);
    return new RunTrace(timings, List.of(), TokenTimes.of(tokens), attempts)
        .requireAccountsFor(workload);
  }

  private void noteDelay(List<RequestAttempt> attempts) {
    ClientDelay delay = ClientDelay.of(attempts);
    if (delay == null) {
      return;
    }
    note("client_delay_p50_ms", ClientDelay.millis(delay.p50Nanos()));
    note("client_delay_p99_ms", ClientDelay.millis(delay.p99Nanos()));
    note("client_delay_max_ms", ClientDelay.millis(delay.maxNanos()));
    findings.add(
        delay.isHigh()
            ? delay.text()
                + ". It is part of every TTFT. Maybe this machine is too busy or too slow."
            : delay.text());
  }

  private void notePrompts(List<RequestAttempt> attempts) {
    int counted = 0;
    int exact = 0;
    for (RequestAttempt attempt : attempts) {
      if (attempt.promptTokens() != null) {
        counted++;
        if (attempt.promptTokens() == workload.request(attempt.requestId()).promptTokens()) {
          exact++;
        }
      }
    }
    note("prompts_counted", Integer.toString(counted));
    note("prompts_exact", Integer.toString(exact));
    if (exact < counted) {
      findings.add(
          "%d of %d prompts have another number of tokens by the server's count (request_attempt)"
              .formatted(counted - exact, counted));
    }
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts("openai-endpoint", device, software);
  }

  @Override
  public List<String> findings() {
    return List.copyOf(findings);
  }

  @Override
  public void close() {
    if (bodies != null) {
      bodies.close();
    }
    endpoint.close();
  }
}
