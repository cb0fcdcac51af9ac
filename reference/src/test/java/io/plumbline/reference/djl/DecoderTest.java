package io.plumbline.reference.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.plumbline.trace.model.ModelSpec;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {
  private static final int SEED = 7;
  private static final int MAX_CONTEXT = 400;
  private static final double TOLERANCE = 1e-4;

  private static NDManager manager;

  @BeforeAll
  static void open() {
    manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
  }

  @AfterAll
  static void close() {
    manager.close();
  }

  static Stream<ModelSpec> shapes() {
    return Stream.of(Shapes.LLAMA, Shapes.QWEN2, Shapes.QWEN3, Shapes.GELU);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void prefill_givesTheLogitsOfTheTextbookTransformer(ModelSpec model) {
    try (Decoder decoder = decoder(model, SEED)) {
      long[] prompt = prompt(model, 13);

      float[] logits = decoder.logits(prompt);

      assertClose(logits, new PlainDecoder(model, decoder.weights()).logits(prompt));
      // The comparison means something only if the logits are of the order of 1.
      assertThat(spread(logits)).isGreaterThan(1);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void decodingTokenByToken_givesTheLogitsOfOnePrefill(ModelSpec model) {
    try (Decoder decoder = decoder(model, SEED)) {
      long[] ids = prompt(model, 12);
      PlainDecoder plain = new PlainDecoder(model, decoder.weights());
      decoder.prefill(Arrays.copyOf(ids, 5));
      for (int t = 5; t < ids.length; t++) {
        float[] step = decoder.logits(new long[] {ids[t]});

        assertClose(step, plain.logits(Arrays.copyOf(ids, t + 1)));
      }
      float[] last = logits(decoder, ids);
      decoder.reset();
      decoder.prefill(Arrays.copyOf(ids, ids.length - 1));
      assertThat(decoder.logits(new long[] {ids[ids.length - 1]}))
          .usingComparatorWithPrecision(1e-4f)
          .containsExactly(last);
    }
  }

  @Test
  void theNextToken_isTheOneWithTheLargestLogit() {
    try (Decoder decoder = decoder(Shapes.LLAMA, SEED)) {
      long[] prompt = prompt(Shapes.LLAMA, 9);
      float[] logits = decoder.logits(prompt);
      decoder.reset();

      assertThat(decoder.prefill(prompt)).isEqualTo(argMax(logits));
    }
  }

  @Test
  void aSeed_fixesWeightsTokensAndLogits() {
    try (Decoder one = decoder(Shapes.QWEN3, SEED);
        Decoder same = decoder(Shapes.QWEN3, SEED);
        Decoder other = decoder(Shapes.QWEN3, SEED + 1)) {
      long[] prompt = prompt(Shapes.QWEN3, 8);

      assertThat(tokens(one, prompt, 20)).isEqualTo(tokens(same, prompt, 20));
      assertThat(logits(one, prompt)).isEqualTo(logits(same, prompt));
      assertThat(logits(one, prompt)).isNotEqualTo(logits(other, prompt));
      assertThat(tokens(one, prompt, 20)).isNotEqualTo(tokens(other, prompt, 20));
    }
  }

  @Test
  void reset_leavesNothingOfTheSequenceBefore() {
    try (Decoder decoder = decoder(Shapes.LLAMA, SEED)) {
      long[] prompt = prompt(Shapes.LLAMA, 10);
      float[] fresh = logits(decoder, prompt);
      tokens(decoder, prompt(Shapes.LLAMA, 30), 30);

      assertThat(logits(decoder, prompt)).isEqualTo(fresh);
    }
  }

  @Test
  void decodeSteps_leaveNoArrayBehind() {
    try (Decoder decoder = decoder(Shapes.QWEN3, SEED)) {
      long token = decoder.prefill(prompt(Shapes.QWEN3, 16));
      int before = decoder.managedArrays();
      for (int step = 0; step < 300; step++) {
        token = decoder.decode(token);
      }

      // Not vacuous: the weights and the KV cache alone are more than twenty arrays.
      assertThat(before).isGreaterThan(20);
      assertThat(decoder.managedArrays()).isEqualTo(before);
    }
  }

  @Test
  void prefill_needsAnEmptyCache() {
    try (Decoder decoder = decoder(Shapes.LLAMA, SEED)) {
      decoder.prefill(new long[] {1, 2, 3});

      assertThatThrownBy(() -> decoder.prefill(new long[] {4}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "prefill needs an empty KV cache but it holds 3 tokens. Maybe call reset() first.");
    }
  }

  @Test
  void aSequenceLongerThanTheCache_isRefused() {
    try (Decoder decoder = new Decoder(manager, Shapes.LLAMA, 4, SEED)) {
      decoder.prefill(new long[] {1, 2, 3});
      decoder.decode(4);

      assertThatThrownBy(() -> decoder.decode(5))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "1 tokens after 4 exceed the KV cache of 4 tokens. Maybe raise maxContextTokens.");
    }
  }

  @Test
  void parallelAttentionAndMlp_areRefused() {
    assertThatThrownBy(() -> decoder(Shapes.PARALLEL, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "model parallel has postAttentionNorm = false: the decoder has no parallel attention and MLP");
  }

  private static Decoder decoder(ModelSpec model, int seed) {
    return new Decoder(manager, model, MAX_CONTEXT, seed);
  }

  private static long[] prompt(ModelSpec model, int tokens) {
    return new SplittableRandom(3).longs(tokens, 0, model.vocabularySize()).toArray();
  }

  private static float[] logits(Decoder decoder, long[] prompt) {
    decoder.reset();
    return decoder.logits(prompt);
  }

  private static long[] tokens(Decoder decoder, long[] prompt, int count) {
    decoder.reset();
    long[] tokens = new long[count];
    tokens[0] = decoder.prefill(prompt);
    for (int i = 1; i < count; i++) {
      tokens[i] = decoder.decode(tokens[i - 1]);
    }
    return tokens;
  }

  private static void assertClose(float[] actual, double[] expected) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).as("logit %d", i).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  private static int argMax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  private static double spread(float[] logits) {
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1] - sorted[0];
  }
}
