package io.plumbline.reference.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.reference.serving.Batch;
import io.plumbline.reference.serving.KvCacheSpec;
import io.plumbline.reference.serving.ModelExecutor;
import io.plumbline.reference.serving.SarathiSpec;
import io.plumbline.reference.serving.ServedRequest;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.reference.serving.ServingRun;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BatchDecoderTest {
  private static final int SEED = 7;
  private static final double FLOAT32_TOLERANCE = 1e-4;

  /** Prompts in chunks beside decodes, contexts of several lengths, blocks that are scattered. */
  private static final Workload WORKLOAD =
      new Workload(
          List.of(
              new Request(0, 0, 9, 6),
              new Request(1, 0, 1, 8),
              new Request(2, 0, 14, 5),
              new Request(3, 0, 5, 9)));

  /** 9 blocks of 4 tokens hold two or three requests, so that some are preempted. */
  private static final KvCacheSpec TIGHT = new KvCacheSpec(4, 9, 0);

  private static NDManager manager;

  @BeforeAll
  static void open() {
    manager = Engine.getEngine(DjlEngine.ENGINE).newBaseManager(Device.cpu());
  }

  @AfterAll
  static void close() {
    manager.close();
  }

  static Stream<Arguments> decoders() {
    return Stream.of(Shapes.LLAMA, Shapes.QWEN2, Shapes.QWEN3, Shapes.GELU)
        .flatMap(
            shape ->
                Stream.of(Operators.values()).map(operators -> Arguments.of(shape, operators)));
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void everyToken_hasTheLogitsOfTheTextbookTransformer(ModelSpec model, Operators operators) {
    for (Function<Batch, BatchLayout> grouping : groupings()) {
      Checking checked = new Checking(model, operators, Dtype.FLOAT32, grouping);

      RunTrace trace = checked.serve(TIGHT);

      assertThat(checked.worst).isLessThan(FLOAT32_TOLERANCE);
      // The comparison means something only if the logits are of the order of 1 …
      assertThat(checked.spread).isGreaterThan(1);
      // … and only if chunks, mixed batches and preemptions did occur.
      assertThat(checked.tokens).hasSize(6 + 8 + 5 + 9);
      assertThat(trace.requests()).extracting(RequestTiming::preemptions).anyMatch(n -> n > 0);
      assertThat(trace.iterations())
          .anyMatch(it -> it.prefillTokens() > 0 && it.decodeTokens() > 1)
          .anyMatch(it -> it.prefillTokens() > 0 && it.prefillTokens() < 9);
    }
  }

  private static List<Function<Batch, BatchLayout>> groupings() {
    return List.of(BatchLayout::separate, BatchLayout::decodesTogether);
  }

  /** What a number format costs in accuracy: not nothing, or it is not in use, and not much. */
  @ParameterizedTest
  @EnumSource(
      value = Dtype.class,
      names = {"FLOAT16", "BFLOAT16"})
  void halfPrecision_staysNearTheTextbook(Dtype dtype) {
    Checking checked =
        new Checking(Shapes.QWEN3, Operators.TORCH_SCRIPT, dtype, BatchLayout::decodesTogether);

    checked.serve(TIGHT);

    // A mantissa of 11 or 8 bits through two layers, on logits of the order of 1.
    double unit = dtype == Dtype.FLOAT16 ? 0x1p-11 : 0x1p-8;
    assertThat(checked.worst).isBetween(unit / 2, 40 * unit);
  }

  @Test
  void float16_runsInArraysToo_andBfloat16IsRefusedThere() {
    Checking checked =
        new Checking(Shapes.QWEN3, Operators.ND_ARRAY, Dtype.FLOAT16, BatchLayout::separate);
    checked.serve(TIGHT);
    assertThat(checked.worst).isBetween(0x1p-12, 40 * 0x1p-11);

    assertThatThrownBy(
            () ->
                new Checking(
                    Shapes.QWEN3, Operators.ND_ARRAY, Dtype.BFLOAT16, BatchLayout::separate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("operators nd_array cannot run in bfloat16. Maybe use operators torch_script.");
  }

  @Test
  void batching_changesNoToken_andBothKindsOfOperatorsAgree() {
    List<Long> alone = tokens(Operators.TORCH_SCRIPT, new SarathiSpec(100, 1));

    assertThat(tokens(Operators.TORCH_SCRIPT, new SarathiSpec(6, 4))).isEqualTo(alone);
    assertThat(tokens(Operators.ND_ARRAY, new SarathiSpec(6, 4))).isEqualTo(alone);
    assertThat(tokens(Operators.ND_ARRAY, new SarathiSpec(100, 1))).isEqualTo(alone);
  }

  /** By request, as batches give them in another order. */
  private static List<Long> tokens(Operators operators, SarathiSpec scheduler) {
    Checking checked = new Checking(Shapes.QWEN3, operators, Dtype.FLOAT32, BatchLayout::separate);
    checked.serve(new KvCacheSpec(16, null, 0), scheduler);
    return checked.tokens.stream()
        .sorted((a, b) -> Long.compare(a[0], b[0]))
        .map(token -> token[1])
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Operators.class)
  void iterations_leaveNoArrayBehind(Operators operators) {
    Checking checked =
        new Checking(Shapes.QWEN3, operators, Dtype.FLOAT32, BatchLayout::decodesTogether);
    int before = checked.managedArrays();

    List<IterationTiming> iterations = checked.serveAndKeep(TIGHT).iterations();

    assertThat(iterations).hasSizeGreaterThan(10);
    // Not vacuous: the weights and the KV cache alone are more than twenty arrays.
    assertThat(before).isGreaterThan(20);
    assertThat(checked.managedArrays()).isEqualTo(before);
    checked.close();
  }

  @Test
  void aSeed_fixesTheWeights() {
    assertThat(embedding(SEED)).isEqualTo(embedding(SEED)).isNotEqualTo(embedding(SEED + 1));
  }

  private static float[] embedding(int seed) {
    try (NDManager own = manager.newSubManager()) {
      return DecoderWeights.load(
              own, Shapes.LLAMA, new RandomWeights(seed), UnaryOperator.identity())
          .embedding()
          .toFloatArray();
    }
  }

  /** A decoder each of whose logits is compared with those of the textbook. */
  private static final class Checking implements ModelExecutor {
    private final ModelSpec model;
    private final BatchDecoder decoder;
    private final NDManager weightManager = manager.newSubManager();
    private final PlainDecoder plain;
    private Batch batch;
    double worst;
    double spread;

    /** Request id and token, in the order in which they came. */
    final List<long[]> tokens = new ArrayList<>();

    Checking(
        ModelSpec model, Operators operators, Dtype dtype, Function<Batch, BatchLayout> grouping) {
      this.model = model;
      WeightSource weights = new RandomWeights(SEED);
      decoder =
          operators == Operators.ND_ARRAY
              ? new NdArrayDecoder(manager, model, weights, 160, 40, dtype, grouping)
              : new TorchScriptDecoder(manager, model, weights, 160, 40, dtype, grouping);
      plain =
          new PlainDecoder(
              model,
              DecoderWeights.load(
                  weightManager, model, new RandomWeights(SEED), UnaryOperator.identity()));
    }

    RunTrace serve(KvCacheSpec cache) {
      return serve(cache, new SarathiSpec(6, 4));
    }

    RunTrace serve(KvCacheSpec cache, SarathiSpec scheduler) {
      try (ServingRun run = run(cache, scheduler)) {
        return run.run(Stopwatch.start(), new RunCounts());
      }
    }

    RunTrace serveAndKeep(KvCacheSpec cache) {
      return run(cache, new SarathiSpec(6, 4)).run(Stopwatch.start(), new RunCounts());
    }

    private ServingRun run(KvCacheSpec cache, SarathiSpec scheduler) {
      ServingPlan plan = ServingPlan.of(model, WORKLOAD, scheduler, cache);
      assertThat(plan.slots()).isLessThanOrEqualTo(160);
      return new ServingRun(plan, this, new EngineFacts("test", null, Map.of()), SEED);
    }

    int managedArrays() {
      return decoder instanceof NdArrayDecoder arrays
          ? arrays.managedArrays()
          : ((TorchScriptDecoder) decoder).managedArrays();
    }

    @Override
    public void prepare(Batch prepared) {
      batch = prepared;
      decoder.prepare(prepared);
    }

    @Override
    public void forward() {
      decoder.forward();
    }

    @Override
    public long[] sample() {
      long[] sampled = decoder.sample();
      int row = 0;
      float[] logits = sampled.length == 0 ? new float[0] : decoder.logits();
      for (int i = 0; i < batch.size(); i++) {
        if (batch.yields(i)) {
          int from = row * model.vocabularySize();
          float[] own = Arrays.copyOfRange(logits, from, from + model.vocabularySize());
          compare(own, plain.logits(ids(batch.request(i))));
          assertThat(own[(int) sampled[row]]).isEqualTo(max(own));
          tokens.add(new long[] {batch.request(i).id(), sampled[row]});
          row++;
        }
      }
      assertThat(sampled).hasSize(row);
      return sampled;
    }

    private static long[] ids(ServedRequest request) {
      long[] ids = new long[request.knownTokens()];
      for (int position = 0; position < ids.length; position++) {
        ids[position] = request.tokenId(position);
      }
      return ids;
    }

    private void compare(float[] actual, double[] expected) {
      double least = Double.MAX_VALUE;
      double most = -Double.MAX_VALUE;
      for (int i = 0; i < actual.length; i++) {
        worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        least = Math.min(least, expected[i]);
        most = Math.max(most, expected[i]);
      }
      spread = Math.max(spread, most - least);
    }

    private static float max(float[] values) {
      float max = values[0];
      for (float value : values) {
        max = Math.max(max, value);
      }
      return max;
    }

    @Override
    public void close() {
      decoder.close();
      weightManager.close();
    }
  }
}
