package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.learning.Samples;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InterpolatedTimesTest {
  private static final OperatorProfile PROFILE = profile();

  /** Tables up to 100 tokens, 6 requests and contexts of 300 tokens in steps of 64. */
  private final InterpolatedTimes times =
      new InterpolatedTimes(PROFILE, ProfiledSpec.defaults(), new TableLimits(100, 6, 300));

  private static OperatorProfile profile() {
    SplittableRandom random = new SplittableRandom(7);
    double[] squares = random(random, 60, 150);
    for (int i = 0; i < squares.length; i++) {
      squares[i] *= squares[i];
    }
    return new OperatorProfile(
        Map.of(
            TokenOperator.MLP_ACT,
            samples(random(random, 30, 5), random(random, 30, 200)),
            TokenOperator.ADD,
            Profiles.curve(8, 0.5),
            AttentionOperator.DECODE,
            samples(random(random, 60, 5), random(random, 60, 9), random(random, 60, 600)),
            AttentionOperator.PREFILL,
            samples(random(random, 60, 5), random(random, 60, 600), squares)));
  }

  private static Samples samples(double[] times, double[]... features) {
    return new Samples(features, times);
  }

  private static double[] random(SplittableRandom random, int count, int bound) {
    return random.ints(count, 1, bound + 1).asDoubleStream().toArray();
  }

  @Test
  void tablesOfTokenOperatorsAreTheCurves() {
    MeasuredCurve curve = PROFILE.curve(TokenOperator.MLP_ACT);
    for (int tokens = 1; tokens < 300; tokens++) { // beyond the table too
      assertThat(times.tokenOperatorMs(TokenOperator.MLP_ACT, tokens)).isEqualTo(curve.ms(tokens));
    }
  }

  @Test
  void anOperatorWithoutProfileCostsNothing() {
    assertThat(times.tokenOperatorMs(TokenOperator.SEND_RECV, 8)).isZero();
    assertThat(times.tokenOperatorMs(TokenOperator.SEND_RECV, 800)).isZero();
  }

  @Test
  void theDecodeTableIsTheGridByRequestsAndContext() {
    MeasuredGrid grid = PROFILE.decodeAttention();
    for (int requests = 1; requests < 12; requests++) {
      for (int context = 0; context < 700; context += 32) { // off the steps too
        assertThat(times.decodeAttentionMs(requests, context))
            .isEqualTo(grid.ms(requests, context));
      }
    }
  }

  @Test
  void thePrefillTableIsTheGridByChunkAndContextAndStaysSo() {
    MeasuredGrid grid = PROFILE.prefillAttention();
    for (int pass = 0; pass < 2; pass++) { // the second pass finds the cells filled
      for (int chunk = 1; chunk < 150; chunk += 7) {
        for (int context = 0; context < 700; context += 32) {
          assertThat(times.prefillAttentionMs(context, chunk)).isEqualTo(grid.ms(chunk, context));
        }
      }
    }
  }
}
