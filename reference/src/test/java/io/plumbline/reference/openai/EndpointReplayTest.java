package io.plumbline.reference.openai;

import static io.plumbline.reference.openai.Replays.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.plumbline.files.BadInputException;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.run.RequestAttempt;
import io.plumbline.trace.run.RequestAttempt.TokenSource;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class EndpointReplayTest {
  private static final Function<TimedServer.Received, Script> QUICK =
      r -> Script.tokens(r, MILLI, MILLI, true);

  @Test
  void requestsLeaveAtTheirArrivals_whateverBecameOfThoseBefore() throws IOException {
    // The first stream lasts 600 ms; the second request does not wait for it.
    Workload workload = Replays.workload(2, 100 * MILLI, 3);
    try (TimedServer server =
        new TimedServer(r -> Script.tokens(r, 500 * MILLI, 50 * MILLI, false))) {
      RunTrace trace = Replays.run(server, Replays.PATIENT, workload);

      RequestAttempt second = trace.attempts().get(1);
      assertThat(second.plannedNanos()).isEqualTo(100 * MILLI);
      assertThat(second.sentNanos()).isBetween(100 * MILLI, trace.requests().get(0).endNanos());
      assertThat(second.promptTokens()).isEqualTo(101);
      assertThat(second.completionTokens()).isEqualTo(3);
      assertThat(second.chunks()).isEqualTo(3);
      assertThat(second.httpStatus()).isEqualTo(200);
      // Counts came at the end only.
      assertThat(second.tokenSource()).isEqualTo(TokenSource.ASSUMED);
      assertThat(trace.requests().get(1).scheduledNanos()).isNull();
      assertThat(trace.requests().get(1).e2eNanos()).isGreaterThanOrEqualTo(600 * MILLI);
    }
  }

  @Test
  void warmUpAndProbe_areNotInTheTrace_andHaveOtherPrompts() throws IOException {
    Workload workload = Replays.workload(2, MILLI, 2);
    try (TimedServer server = new TimedServer(QUICK);
        EndpointReplay replay = Replays.open(server, Replays.PATIENT, workload)) {
      replay.warmUp(5);
      RunTrace trace = replay.run(Stopwatch.start(), new RunCounts());

      assertThat(trace.requests()).hasSize(2);
      List<JsonNode> prompts =
          server.exchanged().stream().map(e -> e.request().body().get("prompt").get(0)).toList();
      // One probe, five to warm up, two of the run, each with a first token of its own.
      assertThat(prompts).hasSize(8).doesNotHaveDuplicates();
      assertThat(replay.facts().software())
          .containsEntry("served_by", "timed")
          .containsEntry("server_version", "1.2.3")
          .containsEntry("clock", "client")
          .containsEntry("http_version", "http_1_1")
          .containsEntry("prompts_counted", "2")
          .containsEntry("prompts_exact", "2")
          .containsKeys("client_delay_p50_ms", "client_delay_p99_ms", "client_delay_max_ms");
      assertThat(replay.findings()).hasSize(1);
    }
  }

  @Test
  void sharedPrefixes_arriveAsSuch_andAnotherRunHasNone() throws IOException {
    Workload workload =
        new Workload(
            List.of(
                new Request(0, 0, 40, 1, new PromptBlocks(16, new long[] {1, 2}), null, null),
                new Request(1, 0, 50, 1, new PromptBlocks(16, new long[] {1, 3}), null, null)));
    try (TimedServer server = new TimedServer(QUICK)) {
      Replays.run(server, Replays.PATIENT, workload);
      Replays.run(server, Replays.PATIENT, workload);

      JsonNode first = prompt(server, 40, 0);
      JsonNode second = prompt(server, 50, 0);
      assertThat(shared(first, second)).isEqualTo(16);
      assertThat(shared(first, prompt(server, 40, 1))).isZero();
    }
  }

  private static JsonNode prompt(TimedServer server, int promptTokens, int run) {
    return server.exchanged().stream()
        .map(TimedServer.Exchanged::request)
        .filter(r -> r.promptTokens() == promptTokens)
        .toList()
        .get(run)
        .body()
        .get("prompt");
  }

  private static int shared(JsonNode one, JsonNode other) {
    int shared = 0;
    while (one.get(shared).equals(other.get(shared))) {
      shared++;
    }
    return shared;
  }

  @Test
  void textPrompts_haveExactlyTheirTokens_byTheServersCount() throws IOException {
    Workload workload = Replays.workload(3, MILLI, 2);
    try (TimedServer server = new TimedServer(EndpointReplayTest::probeOrTokens);
        EndpointReplay replay = open(server.base(), null, Api.CHAT, PromptForm.TEXT, workload)) {
      replay.warmUp(0);
      RunTrace trace = replay.run(Stopwatch.start(), new RunCounts());

      assertThat(trace.attempts())
          .extracting(RequestAttempt::promptTokens)
          .containsExactly(100, 101, 102);
      assertThat(trace.count(RequestOutcome.COMPLETED)).isEqualTo(3);
      assertThat(replay.facts().software())
          .containsEntry("prompts_exact", "3")
          .containsEntry("prompt_overhead_tokens", "3");
    }
  }

  @Test
  void promptsThatCannotBeExact_areFoundOut() throws IOException {
    // Two tokens, of which the server alone adds three: one word makes four.
    Workload workload = new Workload(List.of(new Request(0, 0, 2, 1), new Request(1, 0, 9, 1)));
    try (TimedServer server = new TimedServer(EndpointReplayTest::probeOrTokens);
        EndpointReplay replay =
            open(server.base(), null, Api.COMPLETIONS, PromptForm.TEXT, workload)) {
      replay.warmUp(0);
      RunTrace trace = replay.run(Stopwatch.start(), new RunCounts());

      assertThat(trace.attempts()).extracting(RequestAttempt::promptTokens).containsExactly(4, 9);
      assertThat(trace.requests().get(0).promptTokens()).isEqualTo(2);
      assertThat(replay.findings())
          .contains(
              "1 of 2 prompts have another number of tokens by the server's count (request_attempt)");
    }
  }

  /** A probe is not streamed: it is for the count of its prompt only. */
  private static Script probeOrTokens(TimedServer.Received request) {
    return request.body().path("stream").booleanValue()
        ? QUICK.apply(request)
        : Script.json(
            200,
            "{\"choices\":[],\"usage\":%s}".formatted(Script.usage(request.promptTokens(), 1)));
  }

  @Test
  void aClientThatPrefersHttp2_getsAlongWithAServerThatHasNone() throws IOException {
    Workload workload = Replays.workload(3, MILLI, 2);
    try (TimedServer server = new TimedServer(QUICK);
        EndpointReplay replay =
            EndpointReplay.open(
                new Endpoint(server.base(), null, HttpClient.Version.HTTP_2),
                Replays.form(Api.COMPLETIONS),
                PromptForm.TOKEN_IDS,
                Replays.VOCABULARY,
                Replays.PATIENT,
                workload,
                null)) {
      replay.warmUp(0);
      RunTrace trace = replay.run(Stopwatch.start(), new RunCounts());

      assertThat(trace.count(RequestOutcome.COMPLETED)).isEqualTo(3);
      assertThat(replay.facts().software()).containsEntry("http_version", "http_1_1");
    }
  }

  @Test
  void aServerThatIsNotThere_isNamed() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    URI base = URI.create("http://127.0.0.1:%d/v1".formatted(free));

    assertThatThrownBy(
            () ->
                open(base, null, Api.COMPLETIONS, PromptForm.TOKEN_IDS, Replays.workload(1, 0, 1)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "cannot reach %s/models: Connection refused. Maybe the server is not up yet, or url is wrong."
                .formatted(base));
  }

  @Test
  void aModelThatIsNotServed_isNamed_withThoseThatAre() throws IOException {
    try (TimedServer server = new TimedServer(QUICK)) {
      RequestForm other =
          new RequestForm(
              Api.COMPLETIONS, "other", true, true, 0, JsonNodeFactory.instance.objectNode());

      assertThatThrownBy(
              () ->
                  EndpointReplay.open(
                      new Endpoint(server.base(), null, HttpClient.Version.HTTP_1_1),
                      other,
                      PromptForm.TOKEN_IDS,
                      Replays.VOCABULARY,
                      Replays.PATIENT,
                      Replays.workload(1, 0, 1),
                      null))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "%s does not serve model other; it serves: test/model. Maybe set model in engine to that name."
                  .formatted(server.base()));
      assertThat(server.exchanged()).isEmpty();
    }
  }

  @Test
  void aServerThatRefusesTheProbe_isQuoted_withoutTheKey() throws IOException {
    try (TimedServer server =
        new TimedServer(
            r ->
                Script.json(
                    400, "unknown field ignore_eos from " + r.headers().get("authorization")))) {
      assertThatThrownBy(
              () ->
                  open(
                      server.base(),
                      "sk-secret",
                      Api.COMPLETIONS,
                      PromptForm.TOKEN_IDS,
                      Replays.workload(1, 0, 1)))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "%s/completions does not serve a probe with model test/model: HTTP 400: unknown field ignore_eos from Bearer (api key). Maybe it wants another api, prompts: text, ignore_eos: false or continuous_usage: false."
                  .formatted(server.base()));
    }
  }

  @Test
  void aServerWithoutCounts_cannotHaveTextPrompts() throws IOException {
    try (TimedServer server = new TimedServer(r -> Script.json(200, "{\"choices\":[]}"))) {
      assertThatThrownBy(
              () ->
                  open(
                      server.base(),
                      null,
                      Api.COMPLETIONS,
                      PromptForm.TEXT,
                      Replays.workload(1, 0, 1)))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "%s does not report usage.prompt_tokens, so prompts of text cannot be made to length. Maybe use prompts: token_ids."
                  .formatted(server.base()));
    }
  }

  @Test
  void anInterruptedRun_givesNoTrace() throws Exception {
    Workload workload = Replays.workload(2, 0, 2);
    try (TimedServer server =
            new TimedServer(r -> Replays.id(r) < 0 ? QUICK.apply(r) : new Script());
        EndpointReplay replay = Replays.open(server, Replays.PATIENT, workload)) {
      replay.warmUp(0);
      Thread runner = Thread.currentThread();
      Thread interrupter =
          new Thread(
              () -> {
                while (server.exchanged().size() < 3) {
                  Thread.onSpinWait();
                }
                runner.interrupt();
              });
      interrupter.start();

      assertThatThrownBy(() -> replay.run(Stopwatch.start(), new RunCounts()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("interrupted: nothing is kept of this run");
      assertThat(Thread.interrupted()).isTrue();
      interrupter.join();
    }
  }

  private static EndpointReplay open(
      URI base, String apiKey, Api api, PromptForm prompts, Workload workload) {
    return EndpointReplay.open(
        new Endpoint(base, apiKey, HttpClient.Version.HTTP_1_1),
        Replays.form(api),
        prompts,
        Replays.VOCABULARY,
        new Patience(Duration.ofSeconds(60), 0, Duration.ZERO),
        workload,
        null);
  }
}
