package io.plumbline.trace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSpecTest {

  /** The shape of Llama-2-7B with some numbers replaced. */
  private static ModelSpec llama7b(int layers, int queryHeads, int kvHeads, int headDim) {
    return new ModelSpec(
        "meta-llama/Llama-2-7b-hf",
        layers,
        queryHeads,
        kvHeads,
        headDim,
        4096,
        11008,
        32000,
        4096,
        true,
        true,
        false,
        false,
        false,
        10000,
        1e-5);
  }

  private static final ModelSpec LLAMA_7B = llama7b(32, 32, 32, 128);

  @Test
  void parametersOfLlama2With7BillionAreThePublishedOnes() {
    // Attention: four 4096 x 4096 matrices = 67 108 864.
    // MLP: three 4096 x 11008 matrices = 135 266 304. A layer: 202 375 168.
    assertThat(LLAMA_7B.blockParameters()).isEqualTo(32 * 202_375_168L);
    // Embedding and LM head: 2 * 32000 * 4096.
    assertThat(LLAMA_7B.embeddingParameters()).isEqualTo(262_144_000L);
    // 32 * 202 375 168 + 262 144 000; the card says 6.738e9, which has 266 240 of norms more.
    assertThat(LLAMA_7B.parameters()).isEqualTo(6_738_149_376L);
    assertThat(LLAMA_7B.parameters()).isEqualTo(6_738_415_616L - 65 * 4096);
  }

  @Test
  void keysAndValuesOfATokenAreTwoRowsPerLayer() {
    // 2 * 32 layers * 32 heads * 128.
    assertThat(LLAMA_7B.kvElementsPerToken()).isEqualTo(262_144L);
  }

  @Test
  void groupedHeadsShrinkKeysAndValuesOnly() {
    ModelSpec grouped = llama7b(32, 32, 8, 128);
    assertThat(grouped.groupedQueryAttention()).isTrue();
    assertThat(LLAMA_7B.groupedQueryAttention()).isFalse();
    // K and V go from 4096 to 1024 columns: 2 * 4096 * 3072 weights fewer.
    assertThat(LLAMA_7B.attentionParameters() - grouped.attentionParameters())
        .isEqualTo(25_165_824L);
    assertThat(grouped.kvElementsPerToken()).isEqualTo(65_536L);
  }

  @Test
  void headsMayBeWiderThanTheResidualStreamAllows() {
    // Twice the head width doubles the attention weights: 67 108 864 more.
    assertThat(llama7b(32, 32, 32, 256).attentionParameters()).isEqualTo(2 * 67_108_864L);
  }

  @Test
  void anUngatedMlpHasTwoMatricesAndTiedEmbeddingsCountOnce() {
    ModelSpec plain =
        new ModelSpec(
            "plain", 1, 2, 2, 4, 8, 16, 10, 64, false, true, true, false, false, 10000, 1e-5);
    // Attention 4 * 8 * 8 = 256, MLP 2 * 8 * 16 = 256, embedding 10 * 8 = 80.
    assertThat(plain.mlpProjections()).isEqualTo(2);
    assertThat(plain.parameters()).isEqualTo(256 + 256 + 80);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 32, 32, 128, layers (0) must be positive",
    "32, -1, 32, 128, queryHeads (-1) must be positive",
    "32, 32, 0, 128, kvHeads (0) must be positive",
    "32, 32, 32, 0, headDim (0) must be positive",
    "32, 32, 5, 128, queryHeads (32) must be a multiple of kvHeads (5)",
  })
  void impossibleShapesAreRefused(
      int layers, int queryHeads, int kvHeads, int headDim, String message) {
    assertThatThrownBy(() -> llama7b(layers, queryHeads, kvHeads, headDim))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "' ', 1, 1, 1, 1, 1, 1, name must not be blank",
    "m, 0, 1, 1, 1, 1, 1, hiddenSize (0) must be positive",
    "m, 1, 0, 1, 1, 1, 1, mlpHiddenSize (0) must be positive",
    "m, 1, 1, 0, 1, 1, 1, vocabularySize (0) must be positive",
    "m, 1, 1, 1, 0, 1, 1, maxPositions (0) must be positive",
    "m, 1, 1, 1, 1, 0, 1, ropeTheta (0.0) must be positive",
    "m, 1, 1, 1, 1, NaN, 1, ropeTheta (NaN) must be positive",
    "m, 1, 1, 1, 1, 1, -1, normEpsilon (-1.0) must be positive",
  })
  void impossibleSizesAreRefused(
      String name,
      int hidden,
      int mlp,
      int vocabulary,
      int positions,
      double theta,
      double epsilon,
      String message) {
    assertThatThrownBy(
            () ->
                new ModelSpec(
                    name,
                    1,
                    1,
                    1,
                    1,
                    hidden,
                    mlp,
                    vocabulary,
                    positions,
                    true,
                    true,
                    false,
                    false,
                    false,
                    theta,
                    epsilon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
