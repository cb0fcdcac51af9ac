package io.plumbline.reference.openai;

import static io.plumbline.reference.openai.Replays.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import io.plumbline.trace.workload.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Compares what the client measured with what the server knows; both are in this JVM and on one
 * clock, so the truth does not depend on how busy the machine is. How soon the client sees a chunk
 * does: medians are judged strictly, tails only against a broken client.
 */
class TimingAccuracyTest {
  private static final long TOLERANCE_NANOS = 2 * MILLI;
  private static final long TAIL_NANOS = 500 * MILLI;

  @Test
  void timesAreThoseOfTheServer_with200StreamsAtOnce() throws Exception {
    // 200 requests within 400 ms, each of 500 + 39 x 50 ms: all are open at once.
    Workload workload = Replays.workload(200, 2 * MILLI, 40);
    try (TimedServer server =
        new TimedServer(r -> Script.tokens(r, 500 * MILLI, 50 * MILLI, true))) {
      Errors errors = measure(server, workload, 200);

      assertThat(errors.median(errors.firstToken)).isBetween(0L, TOLERANCE_NANOS);
      assertThat(errors.median(errors.gap)).isBetween(0L, TOLERANCE_NANOS);
      assertThat(errors.p99(errors.firstToken)).isLessThan(TAIL_NANOS);
      assertThat(errors.p99(errors.gap)).isLessThan(TAIL_NANOS);
    }
  }

  @Test
  void aThousandStreamsAtOnce_allComeToTheirEnd() throws Exception {
    // The last of 1,000 requests leaves after 2 s, the first stream lasts 5 s.
    Workload workload = Replays.workload(1000, 2 * MILLI, 3);
    try (TimedServer server =
        new TimedServer(r -> Script.tokens(r, 4000 * MILLI, 500 * MILLI, true))) {
      Errors errors = measure(server, workload, 1000);

      assertThat(errors.p99(errors.firstToken)).isLessThan(TAIL_NANOS);
    }
  }

  /**
   * How far each time is from the truth, in ns.
   *
   * @param firstToken of the first token of each stream, so of its TTFT
   * @param gap of each time between two tokens, whichever way
   */
  private record Errors(long[] firstToken, long[] gap) {
    long median(long[] values) {
      return values[values.length / 2];
    }

    long p99(long[] values) {
      return values[values.length * 99 / 100];
    }
  }

  private static Errors measure(TimedServer server, Workload workload, int atOnce) {
    try (EndpointReplay replay = Replays.open(server, Replays.PATIENT, workload)) {
      replay.warmUp(20);
      int before = server.exchanged().size();
      Stopwatch stopwatch = Stopwatch.start();
      long startNanoTime = System.nanoTime() - stopwatch.nanos();
      RunTrace trace = replay.run(stopwatch, new RunCounts());

      assertThat(server.mostOpen()).isGreaterThanOrEqualTo(atOnce);
      assertThat(trace.count(RequestOutcome.COMPLETED)).isEqualTo(workload.size());
      List<TimedServer.Exchanged> served = server.exchanged();
      return errors(trace.tokens(), served.subList(before, served.size()), startNanoTime);
    }
  }

  private static Errors errors(
      TokenTimes measured, List<TimedServer.Exchanged> served, long startNanoTime) {
    LongStream.Builder firstToken = LongStream.builder();
    LongStream.Builder gap = LongStream.builder();
    for (TimedServer.Exchanged exchanged : served) {
      int id = Replays.id(exchanged.request());
      List<Long> written = exchanged.script().eventNanoTimes();
      long previous = 0;
      for (int k = 0; k < written.size(); k++) {
        long error = measured.nanos(id, k) - (written.get(k) - startNanoTime);
        if (k == 0) {
          firstToken.add(error);
        } else {
          gap.add(Math.abs(error - previous));
        }
        previous = error;
      }
    }
    Errors errors = new Errors(firstToken.build().toArray(), gap.build().toArray());
    Arrays.sort(errors.firstToken);
    Arrays.sort(errors.gap);
    return errors;
  }
}
