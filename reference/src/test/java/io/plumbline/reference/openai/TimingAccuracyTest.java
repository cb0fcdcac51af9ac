package io.plumbline.reference.openai;

import static io.plumbline.reference.openai.Replays.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
 * does. A busy machine can only make it later, so the best of several tries counts, and a machine
 * on which the server itself is late proves nothing.
 */
class TimingAccuracyTest {
  private static final long TOLERANCE_NANOS = 2 * MILLI;

  /** Against a broken client, not against a busy machine. */
  private static final long TAIL_NANOS = 3000 * MILLI;

  private static final int TRIES = 4;

  @Test
  void timesAreThoseOfTheServer_with200StreamsAtOnce() throws Exception {
    // 200 requests within 400 ms, each of 500 + 39 x 50 ms: all are open at once.
    Workload workload = Replays.workload(200, 2 * MILLI, 40);
    Errors best = null;
    for (int i = 0; i < TRIES && (best == null || best.worseMedian() > TOLERANCE_NANOS); i++) {
      try (TimedServer server =
          new TimedServer(r -> Script.tokens(r, 500 * MILLI, 50 * MILLI, true))) {
        Errors errors = measure(server, workload, 200);
        assertThat(errors.firstToken[0]).as("no token before it was sent").isPositive();
        assertThat(p99(errors.firstToken)).isLessThan(TAIL_NANOS);
        assertThat(p99(errors.gap)).isLessThan(TAIL_NANOS);
        best = best == null || errors.worseMedian() < best.worseMedian() ? errors : best;
      }
    }
    assumeTrue(
        best.worseMedian() <= TOLERANCE_NANOS || median(best.serverDelay) < TOLERANCE_NANOS / 4,
        "skipped: this machine is so busy that the server itself is late");
    assertThat(median(best.firstToken)).isLessThanOrEqualTo(TOLERANCE_NANOS);
    assertThat(median(best.gap)).isLessThanOrEqualTo(TOLERANCE_NANOS);
  }

  @Test
  void aThousandStreamsAtOnce_allComeToTheirEnd() throws Exception {
    // The last of 1,000 requests leaves after 2 s, the first stream lasts 5 s.
    Workload workload = Replays.workload(1000, 2 * MILLI, 3);
    try (TimedServer server =
        new TimedServer(r -> Script.tokens(r, 4000 * MILLI, 500 * MILLI, true))) {
      assertThat(p99(measure(server, workload, 1000).firstToken)).isLessThan(TAIL_NANOS);
    }
  }

  /**
   * How far each time is from the truth, in ns and in order of size.
   *
   * @param firstToken of the first token of each stream, so of its TTFT
   * @param gap of each time between two tokens, whichever way
   * @param serverDelay how late the server was with each
   */
  private record Errors(long[] firstToken, long[] gap, long[] serverDelay) {
    long worseMedian() {
      return Math.max(median(firstToken), median(gap));
    }
  }

  private static long median(long[] sorted) {
    return sorted[sorted.length / 2];
  }

  private static long p99(long[] sorted) {
    return sorted[sorted.length * 99 / 100];
  }

  private static Errors measure(TimedServer server, Workload workload, int atOnce) {
    try (EndpointReplay replay = Replays.open(server, Replays.PATIENT, workload)) {
      replay.warmUp(20);
      int before = server.exchanged().size();
      Stopwatch stopwatch = Stopwatch.start();
      // The thread may be stopped between the two clocks, which only makes the difference smaller.
      long startNanoTime =
          LongStream.range(0, 100).map(i -> System.nanoTime() - stopwatch.nanos()).max().orElse(0);
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
    LongStream.Builder serverDelay = LongStream.builder();
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
      exchanged.script().eventDelays().forEach(serverDelay::add);
    }
    return new Errors(sorted(firstToken), sorted(gap), sorted(serverDelay));
  }

  private static long[] sorted(LongStream.Builder values) {
    long[] sorted = values.build().toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
