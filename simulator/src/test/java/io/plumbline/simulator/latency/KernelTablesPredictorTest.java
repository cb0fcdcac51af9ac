package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.KvFormat;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.learning.Samples;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.LatentAttention;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightQuantization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Worked out by hand, in milliseconds. Four layers, hidden 32, four heads of 8 with two for keys,
 * MLP 64, vocabulary 100; 1 ms a launch, 0.8 of 10 bytes a millisecond.
 */
class KernelTablesPredictorTest {
  private static final double MS = 1e-3;

  /** Products take 1 ms and 0.01 per row, whatever their matrix; tables end at 256 rows. */
  private static Samples products(double ms) {
    List<double[]> rows = new ArrayList<>();
    for (double k : new double[] {8, 32, 64}) {
      for (double n : new double[] {16, 64, 128}) {
        for (double m : new double[] {1, 64, 256}) {
          rows.add(new double[] {k, n, m, ms + 0.01 * m});
        }
      }
    }
    return table(rows);
  }

  private static Samples attention(ToDoubleFunction<double[]> ms) {
    List<double[]> rows = new ArrayList<>();
    for (double batch : new double[] {1, 4}) {
      for (double tokens : new double[] {1, 64, 128}) {
        rows.add(new double[] {batch, tokens, ms.applyAsDouble(new double[] {batch, tokens})});
      }
    }
    return table(rows);
  }

  private static Map<Operator, Samples> samples() {
    Map<Operator, Samples> samples = new LinkedHashMap<>();
    samples.put(KernelOperator.GEMM, products(1));
    samples.put(KernelOperator.CONTEXT_ATTENTION, attention(p -> p[0] * p[1]));
    samples.put(KernelOperator.GENERATION_ATTENTION, attention(p -> 2 + p[0] * p[1] / 64));
    samples.put(KernelOperator.ALL_REDUCE_GRAPH, Profiles.curve(1, 5, 10000, 5));
    samples.put(KernelOperator.ALL_REDUCE_EAGER, Profiles.curve(1, 25, 10000, 25));
    samples.put(KernelOperator.NCCL_ALL_REDUCE, Profiles.curve(1, 9, 10000, 9));
    samples.put(KernelOperator.NCCL_ALL_GATHER, Profiles.curve(1, 3, 10000, 3));
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

  private static Deployment on(int tensor) {
    return Batches.tiny(2, new Parallelism(tensor, 1), tensor, DataType.FLOAT16);
  }

  private static ExecutionTimePredictor predictor(
      Deployment deployment, Map<Operator, Samples> samples) {
    return KernelTablesSpec.defaults()
        .create(
            deployment,
            new TableLimits(100, 8, 512),
            (query, asked) -> new OperatorProfile(samples),
            Compatibility.STANDARD);
  }

  @Test
  void anIterationIsTheSumOfItsKernels() {
    Batch decodes = Batches.decodes(64, 64, 64, 64);
    // A layer: four products of 1.04; decodes 2 + 4; five launches and 4 tokens of
    // 2 * 4 * 32 norms, 2 * (32 + 16) rotated, 4 * 16 cached, 3 * 64 of the MLP, 4 elements a ms.
    double elementwise = 5 + 4 * (256 + 96 + 64 + 192) / 4.0;
    // Around: embedding 1 + 4 * 64 / 4; LM head 1.04; sampler 3 launches and 5 * 400 / 4.
    double expected = 4 * (4 * 1.04 + 6 + elementwise) + 65 + 1.04 + 503;
    ExecutionTimePredictor times = predictor(on(1), samples());
    assertThat(times.modelSeconds(decodes, 0)).isCloseTo(expected * MS, within(1e-9));
    assertThat(times.extrapolatedSeconds(decodes, 0)).isZero();
    // vLLM's host: 1,000 us, and 40 for each of 4 requests.
    assertThat(times.hostSeconds(decodes, 0)).isCloseTo(1160e-6, within(1e-12));
  }

  @Test
  void operatorsAddUpToTheStep() {
    ExecutionTimePredictor times = predictor(on(2), samples());
    Batch batch = Batches.mixed(new int[] {40, 50}, new int[] {30});
    double[] ms = {0};
    times.operators(batch, 0, (name, callMs, calls) -> ms[0] += callMs * calls);
    assertThat(ms[0] * MS).isCloseTo(times.modelSeconds(batch, 0), within(1e-9));
  }

  @Test
  void moreTokensNeverTakeLess() {
    ExecutionTimePredictor times = predictor(on(2), samples());
    double previous = 0;
    for (int tokens = 1; tokens < 300; tokens++) {
      double seconds = times.modelSeconds(Batches.prefills(tokens), 0);
      assertThat(seconds).isPositive().isGreaterThanOrEqualTo(previous);
      previous = seconds;
    }
  }

  @Test
  void allReducesCostLessInsideOfAGraph() {
    ExecutionTimePredictor times = predictor(on(2), samples());
    Batch launched = Batches.decodes(64, 64);
    Batch graphed = Batches.decodes(64, 64);
    VllmV1Spec.defaults().launch(graphed);
    // Two of each of four layers and one of the embedding: 25 or 5 ms.
    assertThat(times.modelSeconds(launched, 0) - times.modelSeconds(graphed, 0))
        .isCloseTo(9 * 20 * MS, within(1e-9));
  }

  @Test
  void withoutATableOfTheEngineNcclReduces() {
    Map<Operator, Samples> samples = samples();
    samples.remove(KernelOperator.ALL_REDUCE_EAGER);
    Batch batch = Batches.decodes(64, 64);
    double engine = predictor(on(2), samples()).modelSeconds(batch, 0);
    double nccl = predictor(on(2), samples).modelSeconds(batch, 0);
    assertThat(engine - nccl).isCloseTo(9 * (25 - 9) * MS, within(1e-9));
  }

  @Test
  void aChunkHasItsShareOfTheWholePromptsPairs() {
    ExecutionTimePredictor times = predictor(on(1), samples());
    double chunk = times.modelSeconds(Batches.secondChunk(64, 32), 0);
    double alone = times.modelSeconds(Batches.prefills(32), 0);
    // 32 tokens after 32 have 32 * 32 + 32 * 33 / 2 = 1552 of 64 * 65 / 2 = 2080 pairs of a prompt
    // that takes 64 ms; a prompt of 32 takes 32.
    assertThat(chunk - alone).isCloseTo(4 * (64 * 1552.0 / 2080 - 32) * MS, within(1e-9));
  }

  @Test
  void onlyQuantisedMatricesAreMultipliedInTheirFormat() {
    Map<Operator, Samples> samples = samples();
    samples.put(KernelOperator.QUANTIZED_GEMM, products(0.5));
    Deployment plain = on(1);
    Deployment narrow =
        new Deployment(
            plain.model(),
            plain.device(),
            plain.node(),
            plain.parallelism(),
            plain.dtype(),
            WeightQuantization.of(WeightFormat.FP8),
            KvFormat.AUTO);
    Batch batch = Batches.decodes(64, 64);
    double saved =
        predictor(plain, samples).modelSeconds(batch, 0)
            - predictor(narrow, samples).modelSeconds(batch, 0);
    // Four products of four layers; the LM head keeps its 16 bits.
    assertThat(saved).isCloseTo(16 * 0.5 * MS, within(1e-9));
  }

  @Test
  void whatLiesOutsideOfTheTablesIsCounted() {
    ExecutionTimePredictor times = predictor(on(1), samples());
    Batch beyond = Batches.decodes(200, 200);
    // Attention alone, on the slope of its last two points: 2 + 2 * 200 / 64.
    assertThat(times.extrapolatedSeconds(beyond, 0)).isCloseTo(4 * 8.25 * MS, within(1e-9));
    Batch many = Batches.decodes(64, 64, 64, 64, 64);
    assertThat(times.extrapolatedSeconds(many, 0)).isCloseTo(4 * 7 * MS, within(1e-9));
    Batch large = Batches.prefills(300);
    // Products of 300 rows take 4 ms, of which there are four in each layer, and attention 300.
    assertThat(times.extrapolatedSeconds(large, 0)).isCloseTo(4 * (4 * 4 + 300) * MS, within(1e-9));
  }

  @Test
  void aGapInsideOfTheTableIsOutside() {
    // Four sequences were measured up to 64 tokens only.
    MeasuredTree ragged =
        new MeasuredTree(
            table(
                List.of(
                    new double[] {1, 1, 1},
                    new double[] {1, 128, 1},
                    new double[] {4, 1, 1},
                    new double[] {4, 64, 1})),
            false,
            false);
    assertThat(ragged.encloses(1, 128)).isTrue();
    assertThat(ragged.encloses(2, 64)).isTrue();
    assertThat(ragged.encloses(2, 65)).isFalse();
    assertThat(ragged.encloses(5, 1)).isFalse();
    assertThat(ragged.encloses(4, 64)).isTrue();
  }

  @Test
  void otherActivationsThanThoseTimedAreRefused() {
    Deployment wide = Batches.tiny(2, new Parallelism(1, 1), 1, DataType.FLOAT32);
    assertThatThrownBy(() -> KernelTablesSpec.defaults().requireSupports(wide))
        .hasMessage(
            "kernel_tables were measured with activations in 16 bits, but dtype is float32. Maybe predictor: roofline");
  }

  @Test
  void layersWithExpertsHaveARouterAndTheirTable() {
    Map<Operator, Samples> samples = samples();
    samples.put(KernelOperator.EXPERTS, Profiles.curve(1, 10, 101, 110));
    Deployment dense = on(1);
    // Of four layers the first is dense.
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
            new ExpertLayers(16, 2, 32, 0, 1),
            null,
            null);
    Deployment deployment =
        new Deployment(sparse, dense.device(), dense.node(), dense.parallelism(), dense.dtype());
    ExecutionTimePredictor times = predictor(deployment, samples);
    double[] calls = new double[4];
    times.operators(
        Batches.decodes(64, 64),
        0,
        (name, callMs, count) -> {
          if (name.equals("moe")) {
            calls[0] = callMs;
            calls[1] = count;
          } else if (name.equals("router")) {
            calls[2] = count;
          } else if (name.equals("gate_up_proj")) {
            calls[3] = count;
          }
        });
    // Two tokens: 10 + 1 ms.
    assertThat(calls).containsExactly(11, 3, 3, 1);
    assertThat(times.extrapolatedSeconds(Batches.decodes(64, 64), 0)).isZero();
  }

  @Test
  void latentAttentionHasItsProjectionsInItsTable() {
    Map<Operator, Samples> samples = samples();
    samples.put(KernelOperator.LATENT_CONTEXT, attention(p -> 7));
    samples.put(KernelOperator.LATENT_GENERATION, attention(p -> 7));
    Deployment plain = on(1);
    ModelSpec latent =
        new ModelSpec(
            "latent",
            4,
            4,
            4,
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
            null,
            new LatentAttention(null, 16, 8, 4, 8),
            null);
    Deployment deployment =
        new Deployment(latent, plain.device(), plain.node(), plain.parallelism(), plain.dtype());
    double[] attention = {0};
    List<String> names = new ArrayList<>();
    predictor(deployment, samples)
        .operators(
            Batches.decodes(64, 64),
            0,
            (name, callMs, count) -> {
              names.add(name);
              attention[0] += name.equals("mla_generation") ? callMs : 0;
            });
    assertThat(names)
        .contains("mla_generation")
        .doesNotContain("qkv_proj", "o_proj", "generation_attention");
    assertThat(attention[0]).isEqualTo(7);
  }

  @Test
  void termsAreAddedWhereTheyBelong() {
    KernelTablesSpec spec = KernelTablesSpec.defaults();
    PredictorSpec termed = spec.with(new StepTerms(50, 3, 1), new StepTerms(10, 2, 0.5));
    ExecutionTimePredictor times =
        termed.create(
            on(1),
            new TableLimits(100, 8, 512),
            (query, asked) -> new OperatorProfile(samples()),
            Compatibility.STANDARD);
    Batch batch = Batches.mixed(new int[] {32, 32}, new int[] {16});
    double plain = predictor(on(1), samples()).modelSeconds(batch, 0);
    assertThat(times.modelSeconds(batch, 0) - plain).isCloseTo(24e-6, within(1e-12));
    assertThat(times.hostSeconds(batch, 0)).isCloseTo(75e-6, within(1e-12));
  }
}
