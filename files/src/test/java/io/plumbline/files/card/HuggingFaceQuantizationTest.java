package io.plumbline.files.card;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static io.plumbline.trace.model.WeightGroup.ATTENTION;
import static io.plumbline.trace.model.WeightGroup.LM_HEAD;
import static io.plumbline.trace.model.WeightGroup.MLP;
import static io.plumbline.trace.model.WeightGroup.SHARED_EXPERTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightGroup;
import io.plumbline.trace.model.WeightQuantization;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code quantization_config} of checkpoints, as the tools that made them write it. */
class HuggingFaceQuantizationTest {
  private static final String SHAPE =
      "\"num_hidden_layers\": 4, \"num_attention_heads\": 8, \"hidden_size\": 64,"
          + " \"intermediate_size\": 96, \"vocab_size\": 100, \"max_position_embeddings\": 512,";
  private static final String DENSE = "{\"model_type\": \"llama\", " + SHAPE;
  private static final String SPARSE =
      "{\"model_type\": \"qwen3_moe\", \"num_experts\": 8, \"num_experts_per_tok\": 2, " + SHAPE;

  @TempDir Path folder;

  private Path config(String shape, String quantization) {
    return file(folder, "config.json", shape + "\n\"quantization_config\": " + quantization + "}");
  }

  private WeightQuantization read(String shape, String quantization) {
    return ModelCards.load(folder, config(shape, quantization).toString()).quantization();
  }

  private static WeightQuantization expected(
      WeightFormat format, Integer perScale, boolean zeroPoints, WeightGroup... unquantized) {
    return new WeightQuantization(format, perScale, zeroPoints, List.of(unquantized));
  }

  @Test
  void fp8OfDeepSeekHasBlocks() {
    String deepSeek =
        "{\"activation_scheme\": \"dynamic\", \"fmt\": \"e4m3\", \"quant_method\": \"fp8\","
            + " \"weight_block_size\": [128, 128]}";
    assertThat(read(SPARSE, deepSeek))
        .isEqualTo(expected(WeightFormat.FP8, 16_384, false, LM_HEAD));
    assertThat(read(DENSE, "{\"quant_method\": \"fp8\"}"))
        .isEqualTo(expected(WeightFormat.FP8, null, false, LM_HEAD));
  }

  @Test
  void integersHaveGroups() {
    String gptq = "{\"quant_method\": \"gptq\", \"bits\": %d, \"group_size\": %d, \"sym\": %s}";
    assertThat(read(DENSE, gptq.formatted(4, 128, "true")))
        .isEqualTo(expected(WeightFormat.W4A16, 128, false, LM_HEAD));
    assertThat(read(DENSE, gptq.formatted(8, -1, "false")))
        .isEqualTo(expected(WeightFormat.W8A16, null, false, LM_HEAD));
    String awq =
        "{\"quant_method\": \"awq\", \"bits\": 4, \"group_size\": 64, \"zero_point\": true,"
            + " \"version\": \"gemm\", \"modules_to_not_convert\": [\"gate\"]}";
    // The router is meant, not the gate projections.
    assertThat(read(SPARSE, awq)).isEqualTo(expected(WeightFormat.W4A16, 64, true, LM_HEAD));
    assertThat(read(DENSE, "{\"quant_method\": \"gptq\", \"bits\": 4, \"lm_head\": true}"))
        .isEqualTo(expected(WeightFormat.W4A16, null, false));
  }

  @Test
  void modulesThatAreLeftAloneAreFoundByNameAndByPattern() {
    String modules = "{\"quant_method\": \"mxfp4\", \"modules_to_not_convert\": [%s]}";
    assertThat(read(SPARSE, modules.formatted("\"model.layers.*.self_attn\", \"lm_head\"")))
        .isEqualTo(expected(WeightFormat.MXFP4, 32, false, ATTENTION, LM_HEAD));
    String gptq = "{\"quant_method\": \"gptq\", \"bits\": 4, \"dynamic\": {\"%s\": {}}}";
    assertThat(read(SPARSE, gptq.formatted("-:.*self_attn.*")))
        .isEqualTo(expected(WeightFormat.W4A16, null, false, ATTENTION, LM_HEAD));
    assertBadInput(
        () -> read(SPARSE, gptq.formatted("+:.*mlp.*")),
        folder.resolve("config.json")
            + ":2: quantization_config.dynamic: '+:.*mlp.*': several number formats in one"
            + " checkpoint are not supported");
    // Single layers at the ends do not count, the middle one does.
    assertThat(read(DENSE, modules.formatted("\"model.layers.0.self_attn\"")))
        .isEqualTo(expected(WeightFormat.MXFP4, 32, false, LM_HEAD));
    assertThat(read(DENSE, modules.formatted("\"model.layers.2.mlp\"")))
        .isEqualTo(expected(WeightFormat.MXFP4, 32, false, MLP, LM_HEAD));
    String kimi =
        "{\"quant_method\": \"compressed-tensors\", \"ignore\": [\"lm_head\","
            + " \"re:.*self_attn.*\", \"re:.*shared_experts.*\","
            + " \"re:.*mlp\\\\.(gate|up|gate_up|down)_proj.*\"], \"config_groups\": {\"group_0\":"
            + " {\"targets\": [\"Linear\"], \"input_activations\": null, \"weights\":"
            + " {\"num_bits\": 4, \"type\": \"int\", \"group_size\": 32, \"symmetric\": true}}}}";
    assertThat(read(SPARSE, kimi))
        .isEqualTo(
            expected(WeightFormat.W4A16, 32, false, ATTENTION, MLP, SHARED_EXPERTS, LM_HEAD));
  }

  @ParameterizedTest
  @CsvSource({
    "8, float, tensor, , 8, FP8",
    "8, float, channel, , , W8A16",
    "8, int, channel, , 8, INT8",
    "8, int, channel, , , W8A16",
    "4, int, group, 128, , W4A16",
    "4, float, tensor_group, 16, 4, NVFP4",
    "4, float, group, 32, , MXFP4",
  })
  void compressedTensorsSayWeightsAndActivations(
      int bits, String type, String strategy, Integer group, Integer inputBits, WeightFormat as) {
    String inputs = inputBits == null ? "null" : "{\"num_bits\": %d}".formatted(inputBits);
    assertThat(read(DENSE, compressed(bits, type, strategy, group, inputs)))
        .isEqualTo(expected(as, group, false, LM_HEAD));
  }

  private static String compressed(
      int bits, String type, String strategy, Integer group, String inputs) {
    return ("{\"quant_method\": \"compressed-tensors\", \"ignore\": [\"lm_head\"],"
            + " \"config_groups\": {\"group_0\": {\"targets\": [\"Linear\"],"
            + " \"input_activations\": %s, \"weights\": {\"num_bits\": %d, \"type\": \"%s\","
            + " \"strategy\": \"%s\", \"group_size\": %s, \"symmetric\": true}}}}")
        .formatted(inputs, bits, type, strategy, group);
  }

  @Test
  void modelOptNamesItsAlgorithm() {
    assertThat(read(DENSE, "{\"quant_method\": \"modelopt\", \"quant_algo\": \"NVFP4\"}"))
        .isEqualTo(expected(WeightFormat.NVFP4, 16, false, LM_HEAD));
    assertBadInput(
        () -> read(DENSE, "{\"quant_method\": \"modelopt\", \"quant_algo\": \"W4A8\"}"),
        folder.resolve("config.json")
            + ":2: quantization_config: quant_algo (W4A8) of modelopt is not supported. Supported:"
            + " FP8, NVFP4.");
  }

  @Test
  void whatIsNotKnownIsRefused() {
    String place = folder.resolve("config.json") + ":2: quantization_config";
    assertBadInput(
        () -> read(DENSE, "{\"quant_method\": \"bitsandbytes\"}"),
        place
            + ": quant_method (bitsandbytes) is not supported. Supported: fp8, fbgemm_fp8, gptq,"
            + " awq, compressed-tensors, modelopt, mxfp4. Maybe remove quantization_config and"
            + " state quantization in the sweep.");
    assertBadInput(
        () -> read(DENSE, "{\"quant_method\": \"gptq\", \"bits\": 3}"),
        place + ": integers of 3 bits are not supported, only of 4 and 8");
    assertBadInput(
        () -> read(DENSE, compressed(4, "int", "group", 128, "{\"num_bits\": 8}")),
        place
            + ".config_groups.group_0.weights: weights of type int and 4 bits with activations of 8"
            + " bits are not supported");
    assertBadInput(
        () -> read(DENSE, "{\"quant_method\": \"compressed-tensors\", \"config_groups\": {}}"),
        place
            + ": config_groups must have one group: several number formats in one checkpoint are"
            + " not supported");
    assertBadInput(
        () -> read(DENSE, "{\"quant_method\": \"fp8\", \"ignored_layers\": [\"re:(\"]}"),
        place + ".ignored_layers[0]: not a regular expression: Unclosed group");
  }

  @Test
  void mostCheckpointsHaveNone() {
    assertThat(read(DENSE, "null")).isNull();
  }
}
