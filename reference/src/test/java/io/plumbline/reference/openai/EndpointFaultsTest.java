package io.plumbline.reference.openai;

import static io.plumbline.reference.openai.Replays.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.plumbline.trace.run.RequestAttempt;
import io.plumbline.trace.run.RequestAttempt.TokenSource;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Whatever a server does, each request has one outcome, and the others are none the worse. */
class EndpointFaultsTest {
  private static final int TOKENS = 4;
  private static final Patience SHORT = new Patience(Duration.ofMillis(2500), 0, Duration.ZERO);

  @Test
  void anAnswerInAnyForm_isTakenWhole() throws IOException {
    // Everything in one piece, with CRLF and comments; and cut in the middle of a character.
    String token = Script.token(" ä", "null").formatted("null");
    byte[] bytes = Script.data(token).getBytes(StandardCharsets.UTF_8);
    // One byte of the two of the umlaut.
    int half = Script.data(token).indexOf('ä') + 1;
    RunTrace trace =
        run(
            1,
            Map.of(
                0,
                r -> {
                  StringBuilder all = new StringBuilder(": ping\r\n\r\n");
                  for (int k = 0; k < TOKENS; k++) {
                    all.append(Script.data(token).replace("\n", "\r\n"));
                  }
                  return new Script().head(0).chunk(0, all + "data: [DONE]\r\n\r\n").end(0);
                },
                1,
                r -> {
                  Script script = new Script().head(0);
                  for (int k = 0; k < TOKENS; k++) {
                    script.chunkBytes(20 * k * MILLI, bytes, 0, half);
                    script.chunkBytes((20 * k + 10) * MILLI, bytes, half, bytes.length);
                  }
                  return script.done(100 * MILLI);
                }),
            SHORT);

    for (int id = 0; id < 2; id++) {
      assertThat(error(trace, id)).isNull();
      assertThat(timing(trace, id).outcome()).isEqualTo(RequestOutcome.COMPLETED);
      assertThat(attempt(trace, id).tokenSource()).isEqualTo(TokenSource.ASSUMED);
    }
  }

  @Test
  void refusals_areRejected_andErrorsOfTheServerFail() throws IOException {
    RunTrace trace =
        run(
            4,
            Map.of(
                0, r -> Script.json(429, "{\"error\":\n {\"message\":\"too busy\"}}"),
                1, r -> Script.json(400, "too long"),
                2, r -> Script.json(503, ""),
                3, r -> Script.json(500, "oops"),
                4, r -> Script.json(404, "what?")),
            SHORT);

    assertEnd(
        trace, 0, RequestOutcome.REJECTED, 0, "HTTP 429: {\"error\": {\"message\":\"too busy\"}}");
    assertEnd(trace, 1, RequestOutcome.REJECTED, 0, "HTTP 400: too long");
    assertEnd(trace, 2, RequestOutcome.REJECTED, 0, "HTTP 503: ");
    assertEnd(trace, 3, RequestOutcome.FAILED, 0, "HTTP 500: oops");
    assertEnd(trace, 4, RequestOutcome.FAILED, 0, "HTTP 404: what?");
    assertThat(attempt(trace, 3).httpStatus()).isEqualTo(500);
  }

  @Test
  void lostConnections_failWithTheTokensThatCame() throws IOException {
    RunTrace trace =
        run(
            3,
            Map.of(
                0, r -> tokens(3).reset(200 * MILLI),
                1, r -> tokens(2).close(200 * MILLI),
                2, r -> new Script().close(0),
                3, r -> new Script().reset(50 * MILLI)),
            SHORT);

    assertThat(timing(trace, 0).outcome()).isEqualTo(RequestOutcome.FAILED);
    assertThat(timing(trace, 0).producedTokens()).isEqualTo(3);
    assertThat(error(trace, 0)).contains("Connection reset");
    assertThat(timing(trace, 0).firstTokenNanos()).isNotNull();
    assertThat(timing(trace, 0).endNanos()).isNull();
    assertThat(trace.tokens().tokens(0)).isEqualTo(3);
    assertThat(timing(trace, 1).outcome()).isEqualTo(RequestOutcome.FAILED);
    assertThat(timing(trace, 1).producedTokens()).isEqualTo(2);
    assertThat(error(trace, 1)).contains("EOF");
    assertThat(timing(trace, 2).outcome()).isEqualTo(RequestOutcome.FAILED);
    assertThat(error(trace, 2)).contains("received no bytes");
    assertThat(timing(trace, 3).outcome()).isEqualTo(RequestOutcome.FAILED);
    assertThat(attempt(trace, 3).httpStatus()).isNull();
  }

  @Test
  void stalls_endWithTheTimeout_andSlowStartsDoNot() throws IOException {
    RunTrace trace =
        run(
            2,
            Map.of(
                0, r -> tokens(2),
                1, r -> new Script(),
                2, r -> Script.tokens(r, 1500 * MILLI, MILLI, true)),
            SHORT);

    assertEnd(trace, 0, RequestOutcome.FAILED, 2, "no end within 2.5 s");
    assertEnd(trace, 1, RequestOutcome.FAILED, 0, "no end within 2.5 s");
    assertThat(attempt(trace, 0).endNanos() - attempt(trace, 0).plannedNanos())
        .isGreaterThanOrEqualTo(2500 * MILLI);
    assertThat(error(trace, 2)).isNull();
    assertThat(timing(trace, 2).ttftNanos()).isGreaterThanOrEqualTo(1500 * MILLI);
  }

  @Test
  void streamsThatSayNonsense_fail() throws IOException {
    RunTrace trace =
        run(
            5,
            Map.of(
                0, r -> tokens(1).chunk(50 * MILLI, "data: {\"choices\": [\n\n").done(60 * MILLI),
                1,
                    r ->
                        tokens(1)
                            .chunk(
                                50 * MILLI,
                                "data: {\"error\":{\"message\":\"CUDA out of memory\"}}\n\n"),
                2, r -> tokens(2).end(50 * MILLI),
                3,
                    r ->
                        tokens(2)
                            .chunk(
                                50 * MILLI,
                                Script.data(Script.token(".", "\"stop\"").formatted("null")))
                            .done(50 * MILLI),
                4, r -> Script.json(200, "{\"choices\":[{\"text\":\"all at once\"}]}"),
                5, r -> tokens(6).done(70 * MILLI)),
            SHORT);

    assertEnd(trace, 0, RequestOutcome.FAILED, 1, "malformed event: {\"choices\": [");
    assertEnd(trace, 1, RequestOutcome.FAILED, 1, "the server reports: CUDA out of memory");
    assertEnd(
        trace,
        2,
        RequestOutcome.FAILED,
        2,
        "the stream ended after 2 of 4 tokens, without a finish_reason or [DONE]");
    assertEnd(
        trace,
        3,
        RequestOutcome.FAILED,
        3,
        "the server produced 3 tokens where 4 were asked for (finish_reason stop)");
    assertEnd(
        trace,
        4,
        RequestOutcome.FAILED,
        0,
        "the stream ended after 0 of 4 tokens, without a finish_reason or [DONE]");
    assertEnd(
        trace,
        5,
        RequestOutcome.FAILED,
        6,
        "the server produced 6 tokens where 4 were asked for (finish_reason null)");
  }

  @Test
  void aRetry_isRecordedAsOne_andCountsFromTheArrival() throws IOException {
    Map<Integer, Integer> tries = new ConcurrentHashMap<>();
    RunTrace trace =
        run(
            1,
            Map.of(
                0,
                r ->
                    tries.merge(0, 1, Integer::sum) == 1
                        ? Script.json(429, "later")
                        : Script.tokens(r, 20 * MILLI, MILLI, true),
                1,
                r -> Script.json(500, "never")),
            new Patience(Duration.ofSeconds(60), 2, Duration.ofMillis(300)));

    assertThat(trace.attempts())
        .extracting(RequestAttempt::requestId, RequestAttempt::attempt, RequestAttempt::error)
        .containsExactly(
            tuple(0, 0, "HTTP 429: later"),
            tuple(0, 1, null),
            tuple(1, 0, "HTTP 500: never"),
            tuple(1, 1, "HTTP 500: never"),
            tuple(1, 2, "HTTP 500: never"),
            tuple(2, 0, null));
    assertThat(timing(trace, 0).outcome()).isEqualTo(RequestOutcome.COMPLETED);
    assertThat(timing(trace, 0).ttftNanos()).isGreaterThanOrEqualTo(320 * MILLI);
    assertThat(trace.attempts().get(1).plannedNanos())
        .isGreaterThanOrEqualTo(trace.attempts().get(0).endNanos() + 300 * MILLI - MILLI);
    assertThat(timing(trace, 1).outcome()).isEqualTo(RequestOutcome.FAILED);
  }

  private static Script tokens(int count) {
    Script script = new Script().head(0);
    for (int k = 0; k < count; k++) {
      script.event((k + 1) * 10 * MILLI, Script.token("x", "null").formatted("null"));
    }
    return script;
  }

  /** Requests 0 to {@code last} get what they are to get; a good one after them is served well. */
  private static RunTrace run(
      int last, Map<Integer, Function<TimedServer.Received, Script>> scripts, Patience patience)
      throws IOException {
    Workload workload = Replays.workload(last + 2, MILLI, TOKENS);
    try (TimedServer server =
        new TimedServer(
            r ->
                scripts
                    .getOrDefault(Replays.id(r), q -> Script.tokens(q, 20 * MILLI, MILLI, true))
                    .apply(r))) {
      RunTrace trace = Replays.run(server, patience, workload);
      assertThat(error(trace, last + 1)).isNull();
      assertThat(timing(trace, last + 1).outcome()).isEqualTo(RequestOutcome.COMPLETED);
      assertThat(server.exchanged().stream().filter(e -> Replays.id(e.request()) >= 0))
          .as("what the server got is what was recorded: nobody sends again in secret")
          .hasSize(trace.attempts().size());
      return trace;
    }
  }

  private static void assertEnd(
      RunTrace trace, int id, RequestOutcome outcome, int tokens, String error) {
    assertThat(error(trace, id)).isEqualTo(error);
    assertThat(timing(trace, id).outcome()).isEqualTo(outcome);
    assertThat(timing(trace, id).producedTokens()).isEqualTo(tokens);
  }

  private static RequestTiming timing(RunTrace trace, int id) {
    return trace.requests().get(id);
  }

  private static RequestAttempt attempt(RunTrace trace, int id) {
    return trace.attempts().stream().filter(a -> a.requestId() == id).findFirst().orElseThrow();
  }

  private static String error(RunTrace trace, int id) {
    return attempt(trace, id).error();
  }
}
