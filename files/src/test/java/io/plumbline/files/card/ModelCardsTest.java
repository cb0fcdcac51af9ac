package io.plumbline.files.card;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static io.plumbline.files.Fixtures.home;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.LatentAttention;
import io.plumbline.trace.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ModelCardsTest {
  private static final Path MODELS = home().resolve("models");

  @TempDir Path folder;

  static List<Path> cards() throws IOException {
    try (Stream<Path> files = Files.list(MODELS)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cards")
  void everyCardLoads_andEveryNumberHasASource(Path card) {
    ModelSpec model = ModelCards.load(MODELS, card.toString());
    assertThat(ModelCards.load(MODELS, model.name())).isEqualTo(model);
    JsonNode tree = Json.readTree(card);
    tree.properties()
        .forEach(
            entry -> {
              if (entry.getValue().isNumber() || entry.getValue().isBoolean()) {
                assertThat(tree.path("sources").path(entry.getKey()).asText())
                    .as("source of %s in %s", entry.getKey(), card)
                    .isNotBlank();
              }
            });
  }

  @Test
  void theFolderHasTheseModels() {
    assertThat(ModelCards.names(MODELS))
        .containsExactly(
            "Qwen/Qwen-72B",
            "Qwen/Qwen2.5-1.5B",
            "Qwen/Qwen2.5-7B",
            "Qwen/Qwen3-0.6B",
            "Qwen/Qwen3-14B",
            "Qwen/Qwen3-30B-A3B-Instruct-2507",
            "Qwen/Qwen3-32B",
            "codellama/CodeLlama-34b-Instruct-hf",
            "deepseek-ai/DeepSeek-V2-Lite",
            "deepseek-ai/DeepSeek-V3",
            "internlm/internlm-20b",
            "meta-llama/Llama-2-70b-hf",
            "meta-llama/Llama-2-7b-hf",
            "meta-llama/Llama-3.1-70B",
            "meta-llama/Llama-3.1-8B",
            "meta-llama/Meta-Llama-3-70B",
            "meta-llama/Meta-Llama-3-8B",
            "mistralai/Mixtral-8x7B-v0.1",
            "plumbline/tiny");
  }

  /** Vidur's table of models; its vocabulary is the padded one and not compared. */
  @ParameterizedTest
  @CsvSource({
    "codellama/CodeLlama-34b-Instruct-hf, 48, 64, 8, 8192, 22016, false",
    "meta-llama/Llama-2-7b-hf, 32, 32, 32, 4096, 11008, false",
    "meta-llama/Llama-2-70b-hf, 80, 64, 8, 8192, 28672, false",
    "meta-llama/Meta-Llama-3-8B, 32, 32, 8, 4096, 14336, false",
    "meta-llama/Meta-Llama-3-70B, 80, 64, 8, 8192, 28672, false",
    "internlm/internlm-20b, 60, 40, 40, 5120, 13824, false",
    "Qwen/Qwen-72B, 80, 64, 64, 8192, 24576, true",
  })
  void shapesAreThoseOfVidur(
      String name, int layers, int query, int kv, int hidden, int mlp, boolean bias) {
    ModelSpec model = ModelCards.load(MODELS, name);
    assertThat(model.layers()).isEqualTo(layers);
    assertThat(model.queryHeads()).isEqualTo(query);
    assertThat(model.kvHeads()).isEqualTo(kv);
    assertThat(model.hiddenSize()).isEqualTo(hidden);
    assertThat(model.mlpHiddenSize()).isEqualTo(mlp);
    assertThat(model.qkvBias()).isEqualTo(bias);
    assertThat(model.headDim()).isEqualTo(hidden / query);
    assertThat(model.gatedMlp() && model.postAttentionNorm()).isTrue();
  }

  /** Parameters as published: a wrong digit in a card would show here. */
  @ParameterizedTest
  @CsvSource({
    "meta-llama/Llama-2-7b-hf, 6.74",
    "meta-llama/Llama-2-70b-hf, 68.98",
    "meta-llama/Meta-Llama-3-8B, 8.03",
    "meta-llama/Meta-Llama-3-70B, 70.55",
    "meta-llama/Llama-3.1-70B, 70.55",
    "codellama/CodeLlama-34b-Instruct-hf, 33.74",
    "Qwen/Qwen-72B, 72.29",
    "Qwen/Qwen2.5-1.5B, 1.54",
    "Qwen/Qwen2.5-7B, 7.62",
    "Qwen/Qwen3-0.6B, 0.60",
    "Qwen/Qwen3-14B, 14.77",
    "Qwen/Qwen3-30B-A3B-Instruct-2507, 30.53",
    "Qwen/Qwen3-32B, 32.76",
    "deepseek-ai/DeepSeek-V2-Lite, 15.71",
    "deepseek-ai/DeepSeek-V3, 671.03",
    "meta-llama/Llama-3.1-8B, 8.03",
    "mistralai/Mixtral-8x7B-v0.1, 46.70",
  })
  void parametersAreThosePublished(String name, double billions) {
    // Norms and biases, which the shape leaves out, are below 0.1 %; 0.60 is rounded from 0.596.
    double parameters = ModelCards.load(MODELS, name).parameters() / 1e9;
    assertThat(parameters).isCloseTo(billions, within(0.001 * billions + 0.005));
  }

  /** What one token is multiplied with, as published: 3.3, 12.9 and 37 billion with embeddings. */
  @ParameterizedTest
  @CsvSource({
    "Qwen/Qwen3-30B-A3B-Instruct-2507, 3.35",
    "mistralai/Mixtral-8x7B-v0.1, 12.88",
    "deepseek-ai/DeepSeek-V3, 37.55",
    "deepseek-ai/DeepSeek-V2-Lite, 2.66",
  })
  void activeParametersAreThosePublished(String name, double billions) {
    ModelSpec model = ModelCards.load(MODELS, name);
    double active = (model.activeBlockParameters() + model.embeddingParameters()) / 1e9;
    assertThat(active).isCloseTo(billions, within(0.005));
  }

  @Test
  void aLatentVectorIsMuchSmallerThanItsHeads() {
    ModelSpec model = ModelCards.load(MODELS, "deepseek-ai/DeepSeek-V3");
    // 61 layers of 512 + 64; 128 heads with keys of 192 and values of 128 would be 71 times that.
    assertThat(model.kvElementsPerToken()).isEqualTo(61L * 576);
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    file(folder, "a.json", "{\"name\": \"meta-llama/Llama-2-7b-hf\"}");
    file(folder, "b.json", "{\"name\": \"Qwen/Qwen3-0.6B\"}");
    assertBadInput(
        () -> ModelCards.load(folder, "Qwen/Qwen3-0.6"),
        "unknown model (Qwen/Qwen3-0.6). Known, nearest first: Qwen/Qwen3-0.6B, meta-llama/Llama-2-7b-hf. Maybe add a card to "
            + folder
            + ".");
  }

  @Test
  void aHuggingFaceConfigIsRead() {
    Path config =
        file(
            folder.resolve("my-model"),
            "config.json",
            "{\"model_type\": \"qwen3\", \"num_hidden_layers\": 2, \"num_attention_heads\": 8,",
            " \"num_key_value_heads\": 2, \"hidden_size\": 64, \"head_dim\": 16, \"dtype\": \"x\",",
            " \"intermediate_size\": 96, \"vocab_size\": 100, \"max_position_embeddings\": 512,",
            " \"tie_word_embeddings\": true, \"rope_theta\": 1000000, \"rms_norm_eps\": 1e-06,",
            " \"sliding_window\": null}");
    ModelSpec expected =
        new ModelSpec(
            "my-model", 2, 8, 2, 16, 64, 96, 100, 512, true, true, true, false, true, 1e6, 1e-6);
    assertThat(ModelCards.load(MODELS, config.toString())).isEqualTo(expected);
    assertThat(ModelCards.load(MODELS, config.getParent().toString())).isEqualTo(expected);
  }

  @Test
  void aFileIsLookedForWhereAllFilesAre() {
    Path config = file(folder.resolve("models/mine"), "config.json", "{}");
    PathResolver paths = new PathResolver(List.of(Path.of(""), folder), null);
    for (String name : List.of("models/mine", "models/mine/config.json")) {
      assertThat(ModelCards.locate(MODELS, name, paths)).isEqualTo(config.toString());
    }
    assertThat(ModelCards.locate(MODELS, "plumbline/tiny", paths)).isEqualTo("plumbline/tiny");
    assertThat(ModelCards.locate(MODELS, "models/other", paths)).isEqualTo("models/other");
    assertThatThrownBy(() -> ModelCards.locate(MODELS, "other.json", paths))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("no such file or folder: other.json. Tried:\n");
  }

  /** A folder that happens to be called like a model is not meant. */
  @Test
  void aCardCountsMoreThanAFolderOfItsName() {
    file(folder.resolve("plumbline/tiny"), "config.json", "{}");
    PathResolver paths = new PathResolver(List.of(folder), null);
    assertThat(ModelCards.locate(MODELS, "plumbline/tiny", paths)).isEqualTo("plumbline/tiny");
  }

  @Test
  void absentKeysOfAHuggingFaceConfigHaveTheLibrarysDefaults() {
    Path config =
        file(
            folder,
            "config.json",
            "{\"model_type\": \"qwen2\", \"num_hidden_layers\": 2, \"num_attention_heads\": 8,",
            " \"hidden_size\": 64, \"intermediate_size\": 96, \"vocab_size\": 100,",
            " \"max_position_embeddings\": 512, \"_name_or_path\": \"x/y\"}");
    assertThat(ModelCards.load(MODELS, config.toString()))
        .isEqualTo(
            new ModelSpec(
                "x/y", 2, 8, 8, 8, 64, 96, 100, 512, true, true, false, true, false, 1e4, 1e-6));
  }

  @Test
  void aConfigThatIsNotOfADenseLlamaLikeModelIsRefused() {
    Path gpt = file(folder, "gpt.json", "{", "\"model_type\": \"gpt2\"}");
    assertBadInput(
        () -> ModelCards.load(MODELS, gpt.toString()),
        gpt
            + ":2: model_type: unsupported model_type (gpt2). Supported: llama, mistral, qwen2, qwen3, mixtral, qwen3_moe, deepseek_v2, deepseek_v3");
    Path other = file(folder, "other.json", "{}");
    assertBadInput(
        () -> ModelCards.load(MODELS, other.toString()),
        other + ": neither a model card (no layers) nor a Hugging Face config (no model_type)");
    Path half =
        file(
            folder,
            "half.json",
            "{\"model_type\": \"llama\", \"num_hidden_layers\": 2, \"num_attention_heads\": 8,",
            " \"hidden_size\": 64, \"intermediate_size\": 96, \"vocab_size\": \"100\"}");
    assertBadInput(
        () -> ModelCards.load(MODELS, half.toString()),
        "2 problems in %s:\n  %s:1: max_position_embeddings: missing key (an integer)\n  %s:2: vocab_size: expected an integer, found the text \"100\". Maybe remove the quotes."
            .formatted(half, half, half));
  }

  private static final String SPARSE =
      "{\"num_hidden_layers\": 4, \"num_attention_heads\": 8, \"hidden_size\": 64,"
          + " \"intermediate_size\": 96, \"vocab_size\": 100, \"max_position_embeddings\": 512, ";

  @Test
  void expertsAreReadInTheWordsOfEachFamily() {
    Path mixtral =
        file(
            folder.resolve("a"),
            "config.json",
            SPARSE
                + "\"model_type\": \"mixtral\", \"num_local_experts\": 8, \"num_experts_per_tok\": 2}");
    assertThat(ModelCards.load(MODELS, mixtral.toString()).expertLayers())
        .isEqualTo(new ExpertLayers(8, 2, 96, 0, 0));
    Path deepseek =
        file(
            folder.resolve("b"),
            "config.json",
            SPARSE
                + "\"model_type\": \"deepseek_v3\", \"n_routed_experts\": 16,"
                + " \"num_experts_per_tok\": 4, \"moe_intermediate_size\": 32,"
                + " \"n_shared_experts\": 1, \"first_k_dense_replace\": 2, \"moe_layer_freq\": 1,"
                + " \"q_lora_rank\": null, \"kv_lora_rank\": 24, \"qk_nope_head_dim\": 16,"
                + " \"qk_rope_head_dim\": 8, \"v_head_dim\": 16}");
    ModelSpec model = ModelCards.load(MODELS, deepseek.toString());
    assertThat(model.expertLayers()).isEqualTo(new ExpertLayers(16, 4, 32, 1, 2));
    assertThat(model.latentAttention()).isEqualTo(new LatentAttention(null, 24, 16, 8, 16));
  }

  @Test
  void expertsInEverySecondLayerAreRefused_andSoAreExpertsOfADenseModel() {
    Path second =
        file(
            folder.resolve("a"),
            "config.json",
            SPARSE
                + "\"model_type\": \"qwen3_moe\", \"num_experts\": 8, \"num_experts_per_tok\": 2,"
                + " \"decoder_sparse_step\": 2}");
    assertBadInput(
        () -> ModelCards.load(MODELS, second.toString()),
        second
            + ": decoder_sparse_step (2): only models with experts in every layer, but for the first ones, are supported");
    Path dense =
        file(
            folder.resolve("b"),
            "config.json",
            SPARSE + "\"model_type\": \"qwen3\", \"num_experts\": 8}");
    assertBadInput(
        () -> ModelCards.load(MODELS, dense.toString()),
        dense
            + ": num_experts_per_tok and a number of experts belong to one of mixtral, qwen3_moe, deepseek_v2, deepseek_v3, and these to qwen3");
  }

  @Test
  void aWrongCardIsRefusedWithEveryProblem() {
    Path card = file(folder, "a.json", Json.pretty(ModelCards.load(MODELS, "plumbline/tiny")));
    String text = Json.readTree(card).toString();
    Path wrong =
        file(
            folder,
            "b.json",
            text.replace("\"layers\":4", "\"layers\":0").replace("\"head_dim\"", "\"head_dims\""));
    assertBadInput(
        () -> ModelCards.load(MODELS, wrong.toString()),
        "2 problems in %s:\n  %s:1: head_dim: missing key (an integer)\n  %s:1: head_dims: unknown key. Maybe: head_dim"
            .formatted(wrong, wrong, wrong));
    assertBadInput(
        () -> ModelCards.names(folder),
        folder.resolve("b.json")
            + ":1: name: name (plumbline/tiny) is that of "
            + folder.resolve("a.json")
            + " already");
  }
}
