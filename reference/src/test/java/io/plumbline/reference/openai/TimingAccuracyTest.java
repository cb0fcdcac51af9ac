package io.plumbline.reference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Compares what the client measured with what the server knows: both are in this JVM and on one
 * clock. Medians are judged, because a busy machine delays single threads by tens of milliseconds.
 */
class TimingAccuracyTest {
  private static final long MILLI = 1_000_000;
  private static final long TOLERANCE_NANOS = 2 * MILLI;
  private static final int FIRST_PROMPT_TOKENS = 100;

  @Test
  void measuredTimes_areThoseOfTheServer_with200StreamsAtOnce() throws Exception {
    // 200 requests within 400 ms, each for 500 + 39 x 50 ms: all are open at once.
    Workload workload = workload(200, 2 * MILLI, 40);
    try (TimedServer server =
        new TimedServer(r -> Script.tokens(r, 500 * MILLI, 50 * MILLI, true))) {
      Measured measured = measure(server, workload);

      assertThat(server.mostOpen()).isGreaterThanOrEqualTo(200);
      assertThat(measured.trace.count(RequestOutcome.COMPLETED)).isEqualTo(200);
      assertAccurate(measured);
    }
  }

  private record Measured(RunTrace trace, long startNanoTime, Map<Integer, List<Long>> written) {}

  private static Measured measure(TimedServer server, Workload workload) {
    Endpoint endpoint = new Endpoint(server.base(), null, HttpClient.Version.HTTP_1_1);
    RequestForm form =
        new RequestForm(
            Api.COMPLETIONS,
            TimedServer.MODEL,
            true,
            true,
            0,
            JsonNodeFactory.instance.objectNode());
    try (EndpointReplay replay =
        EndpointReplay.open(
            endpoint,
            form,
            PromptForm.TOKEN_IDS,
            32_000,
            new Patience(Duration.ofSeconds(120), 0, Duration.ZERO),
            workload,
            null)) {
      replay.warmUp(20);
      int before = server.exchanged().size();
      Stopwatch stopwatch = Stopwatch.start();
      long startNanoTime = System.nanoTime() - stopwatch.nanos();
      RunTrace trace = replay.run(stopwatch, new RunCounts());
      Map<Integer, List<Long>> written = new HashMap<>();
      List<TimedServer.Exchanged> all = server.exchanged();
      for (TimedServer.Exchanged exchanged : all.subList(before, all.size())) {
        written.put(
            exchanged.request().promptTokens() - FIRST_PROMPT_TOKENS,
            exchanged.script().eventNanoTimes());
      }
      System.out.println(replay.findings());
      return new Measured(trace, startNanoTime, written);
    }
  }

  private static void assertAccurate(Measured measured) {
    List<Long> first = new ArrayList<>();
    List<Long> gaps = new ArrayList<>();
    List<Long> lates = new ArrayList<>();
    measured.written.forEach(
        (id, nanoTimes) -> {
          long previousError = 0;
          for (int k = 0; k < nanoTimes.size(); k++) {
            long truth = nanoTimes.get(k) - measured.startNanoTime;
            long late = measured.trace.tokens().nanos(id, k) - truth;
            lates.add(late);
            if (k == 0) {
              first.add(late);
            } else {
              gaps.add(Math.abs(late - previousError));
            }
            previousError = late;
          }
        });
    System.out.println(
        "ttft " + quantiles(first) + " gaps " + quantiles(gaps) + " late " + quantiles(lates));
    assertThat(quantile(first, 0.5)).isBetween(0L, TOLERANCE_NANOS);
    assertThat(quantile(gaps, 0.5)).isBetween(0L, TOLERANCE_NANOS);
  }

  private static String quantiles(List<Long> values) {
    return Arrays.toString(
        new double[] {
          quantile(values, 0) / 1e6,
          quantile(values, 0.5) / 1e6,
          quantile(values, 0.9) / 1e6,
          quantile(values, 0.99) / 1e6,
          quantile(values, 1) / 1e6
        });
  }

  private static long quantile(List<Long> values, double q) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get((int) (q * (sorted.size() - 1)));
  }

  private static Workload workload(int requests, long intervalNanos, int outputTokens) {
    List<Request> all = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      // The prompt's length tells the server's records which request it was.
      all.add(new Request(i, i * intervalNanos, FIRST_PROMPT_TOKENS + i, outputTokens));
    }
    return new Workload(all);
  }
}
