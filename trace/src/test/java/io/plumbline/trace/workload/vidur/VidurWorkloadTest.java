package io.plumbline.trace.workload.vidur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.trace.random.PythonRandom;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.TokenLengths.Pair;
import io.plumbline.trace.workload.vidur.VidurIntervals.Gamma;
import io.plumbline.trace.workload.vidur.VidurIntervals.Poisson;
import io.plumbline.trace.workload.vidur.VidurIntervals.Static;
import io.plumbline.trace.workload.vidur.VidurIntervals.Trace;
import io.plumbline.trace.workload.vidur.VidurLengths.Fixed;
import io.plumbline.trace.workload.vidur.VidurLengths.Uniform;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VidurWorkloadTest {
  private static final int DRAWS = 100_000;
  private static final Fixed SHORT = new Fixed(4, 2);

  private static VidurRequests draw(VidurIntervals intervals, VidurLengths lengths, int requests) {
    return new VidurWorkload(intervals, lengths, requests, null, 42).generate();
  }

  private static double[] gaps(VidurIntervals intervals) {
    double[] gaps = draw(intervals, SHORT, DRAWS).arrivalSeconds();
    for (int i = DRAWS - 1; i > 0; i--) {
      gaps[i] -= gaps[i - 1];
    }
    return gaps;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void intervalsAndUniformLengthsAreDrawnInTurnFromOneStream() {
    VidurRequests requests = draw(new Poisson(2), new Uniform(10, 100, 4), 1);
    // random.seed(42): -log(1 - 0.6394267984578837) / 2 s, then a total of
    // 10 + 90 * 0.025010755222666936 = 12.25: ceil(12.25 / 5) = 3 to decode, 9 to prefill.
    assertThat(requests.arrivalSeconds()).containsExactly(0.5100301436374005);
    assertThat(requests.workload().requests()).containsExactly(new Request(0, 510_030_144, 9, 3));
    assertThat(requests.python().nextDouble()).isEqualTo(0.27502931836911926);
  }

  @Test
  void theCapRaisesTheRateBy5Percent() {
    // The mean of min(X, 3) for an exponential X is 1 - exp(-3); the variance of it is
    // 1 - 6 exp(-3) - exp(-6) = 0.6988. 1 % significance.
    double mean = mean(gaps(new Poisson(1)));
    assertThat(mean).isCloseTo(1 - Math.exp(-3), within(2.576 * Math.sqrt(0.6988 / DRAWS)));
    assertThat(1 / mean).isCloseTo(1.052, within(0.008));
  }

  @Test
  void noGapIsLongerThanThreeMeansAsVidurRoundsThem() {
    double[] cut = new double[1];
    PythonRandom random = new PythonRandom(42);
    for (int i = 0; i < 1_000; i++) {
      cut[0] = Math.max(cut[0], new Poisson(2.5).nextSeconds(i, random, null));
    }
    // 3 * (1 / 2.5), not 3 / 2.5.
    assertThat(cut[0]).isEqualTo(1.2000000000000002);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 2})
  void gammaGapsHaveTheirMeanAndVariation(double cv) {
    double[] gaps = gaps(new Gamma(2, cv));
    double mean = mean(gaps);
    assertThat(mean).isCloseTo(0.5, within(2.576 * 0.5 * cv / Math.sqrt(DRAWS)));
    double squares = 0;
    for (double gap : gaps) {
      squares += (gap - 0.5) * (gap - 0.5);
    }
    // Variance v = (0.5 cv)^2, excess kurtosis 6 cv^2: the estimate deviates by v sqrt((2 + 6 cv^2)
    // / n). 1 % significance.
    double variance = 0.25 * cv * cv;
    assertThat(squares / DRAWS)
        .isCloseTo(variance, within(2.576 * variance * Math.sqrt((2 + 6 * cv * cv) / DRAWS)));
  }

  @Test
  void recordedArrivalsAreFlooredToSecondsAndTheFirstGivesNoRequest() {
    long[] recorded = {0, 1_900_000_000L, 2_000_000_000L, 7_999_999_999L};
    VidurWorkload untilTheEnd =
        new VidurWorkload(Trace.ofArrivals(recorded, 0.5), SHORT, null, null, 42);
    // Seconds 0, 1, 2, 7; halved.
    assertThat(untilTheEnd.generate().arrivalSeconds()).containsExactly(0.5, 1, 3.5);
  }

  @Test
  void requestsAreSortedByArrival() {
    long[] recorded = {0, 5_000_000_000L, 3_000_000_000L};
    VidurLengths lengths = new VidurLengths.Trace(List.of(new Pair(1, 9), new Pair(2, 8)), 1);
    VidurRequests requests =
        new VidurWorkload(Trace.ofArrivals(recorded, 1), lengths, null, null, 42).generate();
    assertThat(requests.arrivalSeconds()).containsExactly(3, 5);
    Pair second = lengths.start().next(null);
    assertThat(requests.workload().request(1).promptTokens()).isEqualTo(second.promptTokens());
  }

  @Test
  void theDurationEndsTheRequestsAndTheNumberDoesNotCount() {
    long[] everySecond = new long[20];
    for (int i = 0; i < everySecond.length; i++) {
      everySecond[i] = i * 1_000_000_000L;
    }
    VidurWorkload workload = new VidurWorkload(Trace.ofArrivals(everySecond, 1), SHORT, 3, 5.0, 42);
    // The one at 5 s is drawn and dropped.
    assertThat(workload.generate().arrivalSeconds()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void staticRequestsAllArriveAtTheStart() {
    assertThat(draw(new Static(), SHORT, 3).arrivalSeconds()).containsExactly(0, 0, 0);
  }

  @Test
  void zipfLengthsBeginWithTheLeastAndNeverExceedTheGreatest() {
    VidurLengths.Draws draws = new VidurZipfLengths(128, 4096, 0.6, 8, 42).start();
    int[] totals = new int[1_000];
    for (int i = 0; i < totals.length; i++) {
      Pair pair = draws.next(null);
      totals[i] = pair.promptTokens() + pair.outputTokens();
    }
    // The first uniform draw is 0.3745401188473625, far beyond the first two items of weight 1 /
    // 66.8.
    assertThat(totals[0]).isGreaterThan(129);
    // Truncated twice: one token may be lost.
    assertThat(Arrays.stream(totals).boxed()).allMatch(total -> total >= 127 && total <= 4096);
  }

  @Test
  void aTraceThatIsTooShortIsRefused() {
    VidurLengths two = new VidurLengths.Trace(List.of(new Pair(1, 1), new Pair(2, 2)), 1);
    assertRefused(
        () -> draw(new Static(), two, 3),
        "the trace has 2 lengths, but 3 requests are asked for. Maybe ask for fewer or take another trace.");
    VidurIntervals one = Trace.ofArrivals(new long[] {0, 1_000_000_000L}, 1);
    assertRefused(
        () -> draw(one, SHORT, 2),
        "the trace has 1 intervals, but 2 requests are asked for. Maybe ask for fewer or take another trace.");
    assertRefused(
        () -> new VidurWorkload(one, SHORT, null, 9.0, 42).generate(),
        "the trace has 1 intervals, but the duration (9.0 s) needs more. Maybe ask for fewer or take another trace.");
    assertRefused(
        () -> new VidurWorkload(one, SHORT, null, 0.5, 42).generate(),
        "no request arrives. Maybe raise the duration or take more of the trace.");
  }

  @Test
  void aRequestWithoutAnOutputTokenIsRefused() {
    // Totals of 1 or 2 at a ratio of 8: 2 / 9 is truncated to 0.
    assertRefused(
        () -> draw(new Static(), new VidurZipfLengths(2, 3, 0.6, 8, 42), 5),
        "Request (0) has 1 prompt and 0 output tokens, but needs one of each. "
            + "Maybe raise min_tokens or change prefill_to_decode_ratio.");
  }

  @Test
  void impossibleLawsAreRefused() {
    assertRefused(() -> new Poisson(0), "qps (0.0) must be positive");
    assertRefused(() -> new Gamma(1, -1), "cv (-1.0) must be positive");
    assertRefused(() -> Trace.ofArrivals(new long[0], 0), "timeScaleFactor (0.0) must be positive");
    assertRefused(() -> new Fixed(0, 1), "prefillTokens (0) and decodeTokens (1) must be positive");
    assertRefused(
        () -> new Uniform(5, 4, 1), "minTokens (5) must be positive and not above maxTokens (4)");
    assertRefused(() -> new Uniform(1, 4, 0), "prefillToDecodeRatio (0.0) must be positive");
    assertRefused(
        () -> new VidurZipfLengths(1, 4, 1, 1, 0), "theta (1.0) must be above 0 and below 1");
  }

  @Test
  void somethingHasToEndTheRequests() {
    assertRefused(
        () -> new VidurWorkload(new Poisson(1), SHORT, null, null, 42),
        "nothing ends these arrivals. Maybe give num_requests or a duration.");
    assertRefused(
        () -> new VidurWorkload(new Static(), SHORT, 1, 2.0, 42),
        "static arrivals never reach the end of the duration (2.0 s). Maybe give num_requests only.");
    assertRefused(
        () -> new VidurWorkload(new Poisson(1), SHORT, 0, null, 42),
        "numRequests (0) must be positive");
    assertRefused(
        () -> new VidurWorkload(new Poisson(1), SHORT, 1, -1.0, 42),
        "duration (-1.0) must be positive");
    assertRefused(
        () -> new VidurWorkload(new Poisson(1), SHORT, 1, null, -1),
        "seed (-1) must be between 0 and 2^32 - 1, NumPy takes no other");
  }

  @Test
  void aReplayKeepsOrderAndExactArrivals() {
    VidurRequests replay =
        VidurReplay.of(
            new double[] {0.1, 0.30000000000000004}, List.of(new Pair(1, 2), new Pair(3, 4)), 7);
    assertThat(replay.arrivalSeconds()).containsExactly(0.1, 0.30000000000000004);
    assertThat(replay.workload().requests())
        .containsExactly(new Request(0, 100_000_000, 1, 2), new Request(1, 300_000_000, 3, 4));
    // The random router starts from its seed.
    assertThat(replay.python().nextDouble()).isEqualTo(new PythonRandom(7).nextDouble());
    assertRefused(
        () -> VidurReplay.of(new double[] {1, 0.5}, List.of(new Pair(1, 1), new Pair(1, 1)), 7),
        "Request (1) arrives at 0.5 s, before its predecessor at 1.0 s. Maybe sort the trace by arrival.");
    assertRefused(
        () -> VidurReplay.of(new double[] {1}, List.of(), 7), "1 arrivals, but 0 lengths");
  }
}
