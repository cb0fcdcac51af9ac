package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.learning.Samples;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.ModelSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Worked out by hand; the profile is one of microseconds. Four layers. */
class LayerProfilePredictorTest {
  private static final double MICRO = 1e-6;
  private static final Deployment DENSE =
      Batches.tiny(2, new Parallelism(1, 1), 1, DataType.FLOAT16);

  /** A projection of 10 us + 1 per token, a norm of 2, an LM head of 100 + 1 per sequence. */
  private static Map<Operator, Samples> samples() {
    Map<Operator, Samples> samples = new LinkedHashMap<>();
    samples.put(LayerOperator.QKV_PROJ, Profiles.curve(1, 11, 101, 111));
    samples.put(LayerOperator.LAYERNORM, Profiles.curve(1, 2, 101, 2));
    samples.put(LayerOperator.EMBEDDING, Profiles.curve(1, 5, 101, 5));
    samples.put(LayerOperator.LM_HEAD, Profiles.curve(1, 101, 11, 111));
    List<double[]> attention = new ArrayList<>();
    for (double chunk : new double[] {0, 16, 64}) {
      for (double decodes : new double[] {0, 1, 2, 4}) {
        for (double context : new double[] {16, 256}) {
          if (chunk > 0 || decodes > 0) {
            double kv = decodes == 0 ? 0 : context;
            attention.add(new double[] {chunk, 0, decodes, kv, 20 + chunk + decodes * kv / 16});
          }
        }
      }
    }
    samples.put(LayerOperator.ATTENTION, table(attention));
    return samples;
  }

  private static Samples table(List<double[]> rows) {
    int features = rows.get(0).length - 1;
    double[][] columns = new double[features][rows.size()];
    double[] times = new double[rows.size()];
    for (int row = 0; row < times.length; row++) {
      for (int f = 0; f < features; f++) {
        columns[f][row] = rows.get(row)[f];
      }
      times[row] = rows.get(row)[features];
    }
    return new Samples(columns, times);
  }

  private static ExecutionTimePredictor predictor(
      Deployment deployment, LayerProfileSpec spec, Map<Operator, Samples> samples) {
    return spec.create(
        deployment,
        new TableLimits(100, 8, 512),
        (query, asked) -> new OperatorProfile(samples),
        Compatibility.STANDARD);
  }

  @Test
  void aStepIsItsLayersAndWhatStandsAroundThem() {
    ExecutionTimePredictor times = predictor(DENSE, LayerProfileSpec.defaults(), samples());
    // A layer: 10 + 3 and two norms of 2; attention 20 + 3 * 32 / 16. Around: 5 and 100 + 3.
    double expected = 4 * (13 + 4 + 26) + 5 + 103;
    Batch decodes = Batches.decodes(32, 32, 32);
    assertThat(times.modelSeconds(decodes, 0)).isCloseTo(expected * MICRO, within(1e-12));
    // vLLM's host: 1,000 us, and 40 for each of 3 requests.
    assertThat(times.hostSeconds(decodes, 0)).isCloseTo(1120 * MICRO, within(1e-12));
    assertThat(times.extrapolatedSeconds(decodes, 0)).isZero();
  }

  @Test
  void operatorsAddUpToTheStep() {
    LayerProfileSpec spec =
        new LayerProfileSpec("p", "bf16", StepTerms.defaults(), new StepTerms(7, 0, 0), 1);
    ExecutionTimePredictor times = predictor(DENSE, spec, samples());
    Batch batch = Batches.mixed(new int[] {40, 50}, new int[] {30});
    double[] ms = {0};
    times.operators(batch, 0, (name, callMs, calls) -> ms[0] += callMs * calls);
    assertThat(ms[0] * 1e-3).isCloseTo(times.modelSeconds(batch, 0), within(1e-12));
  }

  @Test
  void moreTokensNeverTakeLess() {
    ExecutionTimePredictor times = predictor(DENSE, LayerProfileSpec.defaults(), samples());
    double previous = 0;
    for (int tokens = 1; tokens < 300; tokens++) {
      double seconds = times.modelSeconds(Batches.prefills(tokens), 0);
      assertThat(seconds).isPositive().isGreaterThanOrEqualTo(previous);
      previous = seconds;
    }
  }

  @Test
  void termsOfTheHostAndOfTheDevicesAreKeptApart() {
    LayerProfileSpec spec =
        new LayerProfileSpec("p", "bf16", new StepTerms(50, 3, 1), new StepTerms(10, 2, 0.5), 1);
    Batch batch = Batches.mixed(new int[] {32, 32}, new int[] {16});
    double plain = predictor(DENSE, LayerProfileSpec.defaults(), samples()).modelSeconds(batch, 0);
    ExecutionTimePredictor times = predictor(DENSE, spec, samples());
    // 10 + 2 * 3 requests + 0.5 * 16 prompt tokens; a decode's token is its request's.
    assertThat(times.modelSeconds(batch, 0) - plain).isCloseTo(24 * MICRO, within(1e-12));
    assertThat(times.hostSeconds(batch, 0)).isCloseTo((50 + 9 + 16) * MICRO, within(1e-12));
  }

  @Test
  void whatWasNotMeasuredIsCounted() {
    ExecutionTimePredictor times = predictor(DENSE, LayerProfileSpec.defaults(), samples());
    Batch beyond = Batches.decodes(400, 400);
    // Attention alone: 20 + 2 * 400 / 16, on the slope of the last two points.
    assertThat(times.extrapolatedSeconds(beyond, 0)).isCloseTo(4 * 70 * MICRO, within(1e-12));
    assertThat(times.extrapolatedSeconds(Batches.prefills(200), 0))
        .isLessThanOrEqualTo(times.modelSeconds(Batches.prefills(200), 0))
        .isGreaterThan(0.8 * times.modelSeconds(Batches.prefills(200), 0));
  }

  @Test
  void aBatchOfUnevenDecodesLastsAsLongAsItsLongestContext() {
    Map<Operator, Samples> samples = samples();
    // From batches of 4 on, one long context costs half of the way to all being long.
    samples.put(
        LayerOperator.SKEW,
        table(List.of(new double[] {0, 2, 1, 1e12, 0, 0}, new double[] {0, 4, 1, 1e12, 0, 0.5})));
    samples.put(LayerOperator.SKEW_DEFAULT, new Samples(new double[][] {{0}}, new double[] {0.1}));
    ExecutionTimePredictor times = predictor(DENSE, LayerProfileSpec.defaults(), samples);
    double flat = times.modelSeconds(Batches.decodes(64, 64, 64, 64), 0);
    double uneven = times.modelSeconds(Batches.decodes(16, 16, 16, 208), 0);
    // The mean is 64 in both: 20 + 4 * 4 = 36 us. A single context of 208 among three of 52 was
    // seen to take: mean 91, 42.75 us, and half of the way to 72 us, 57.375.
    assertThat(uneven - flat).isCloseTo(4 * 21.375 * MICRO, within(1e-12));
    double pair = times.modelSeconds(Batches.decodes(16, 112), 0);
    // Of two requests each context is split between blocks of threads: the mean counts.
    assertThat(pair).isCloseTo(times.modelSeconds(Batches.decodes(64, 64), 0), within(1e-12));
  }

  @Test
  void ranksThatShareExpertsWaitForTheSlowest_andAllTokensPassTheExperts() {
    ModelSpec dense = DENSE.model();
    ModelSpec sparse =
        new ModelSpec(
            "sparse",
            4,
            4,
            2,
            8,
            32,
            64,
            100,
            4096,
            true,
            true,
            false,
            false,
            false,
            10000,
            1e-5,
            new ExpertLayers(8, 2, 64, 0, 0),
            null,
            null);
    Deployment pair =
        new Deployment(
            sparse,
            DENSE.device(),
            Batches.tiny(2, 1, 1, 2).node(),
            new Parallelism(1, 1, 2),
            DataType.FLOAT16);
    Map<Operator, Samples> samples = samples();
    // 10 us per expert that is used and 1 per token.
    samples.put(
        LayerOperator.MOE,
        table(
            List.of(
                new double[] {1, 1, 11}, new double[] {1, 101, 111},
                new double[] {4, 1, 41}, new double[] {4, 101, 141})));
    ExecutionTimePredictor times = predictor(pair, LayerProfileSpec.defaults(), samples);
    Batch one = Batches.decodes(32);
    Batch three = Batches.decodes(32, 32, 32);
    double alone = times.stepSeconds(new Batch[] {three, null}, 0);
    double both = times.stepSeconds(new Batch[] {three, one}, 0);
    // A rank without work steps along with one token, so the second request changes nothing.
    assertThat(both).isEqualTo(alone);
    // 4 tokens: half of their pairs here, as 2 tokens; experts in use 4 * (1 - (6/8)^4) = 2.734.
    double experts = 10 * 4 * (1 - Math.pow(0.75, 4)) + 2;
    // All gather 4 rows of 64 bytes and send sums back: 2 * (10 ms + 256 / 1000 / 2 s).
    double exchange = 2 * (10_000 + 128_000);
    double slowest = 4 * (13 + 4 + 26) + 5 + 103;
    assertThat(both).isCloseTo((slowest + 4 * (experts + exchange)) * MICRO, within(1e-9));
    assertThat(dense.mixtureOfExperts()).isFalse();
  }

  @Test
  void aProfileWithoutAttentionIsRefused() {
    Map<Operator, Samples> samples = samples();
    samples.remove(LayerOperator.ATTENTION);
    assertThatThrownBy(() -> predictor(DENSE, LayerProfileSpec.defaults(), samples))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a profile needs attention");
  }
}
