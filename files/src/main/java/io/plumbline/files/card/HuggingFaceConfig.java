package io.plumbline.files.card;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.LatentAttention;
import io.plumbline.trace.model.ModelSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@code config.json} of a Llama-like model on Hugging Face, dense or with experts, read as a
 * model card.
 */
final class HuggingFaceConfig {
  private static final List<String> SUPPORTED_DENSE = List.of("llama", "mistral", "qwen2", "qwen3");

  private static final List<String> SUPPORTED_SPARSE =
      List.of("mixtral", "qwen3_moe", "deepseek_v2", "deepseek_v3");

  private static final List<String> SUPPORTED =
      Stream.concat(SUPPORTED_DENSE.stream(), SUPPORTED_SPARSE.stream()).toList();

  private static final Set<String> KEYS =
      Stream.of(Keys.class.getRecordComponents())
          .map(component -> Names.snake(component.getName()))
          .collect(Collectors.toUnmodifiableSet());

  private final Path file;
  private final ConfNode config;

  /** The keys that are read, under their own names so that problems show those. */
  record Keys(
      int numHiddenLayers,
      int numAttentionHeads,
      Integer numKeyValueHeads,
      Integer headDim,
      int hiddenSize,
      int intermediateSize,
      int vocabSize,
      int maxPositionEmbeddings,
      boolean tieWordEmbeddings,
      boolean attentionBias,
      double ropeTheta,
      double rmsNormEps,
      Integer numLocalExperts,
      Integer numExperts,
      Integer nRoutedExperts,
      Integer numExpertsPerTok,
      Integer moeIntermediateSize,
      Integer nSharedExperts,
      Integer firstKDenseReplace,
      Integer decoderSparseStep,
      Integer moeLayerFreq,
      Integer qLoraRank,
      Integer kvLoraRank,
      Integer qkNopeHeadDim,
      Integer qkRopeHeadDim,
      Integer vHeadDim) {

    /** The defaults of the Llama-like configurations in the transformers library. */
    public static Map<String, Object> defaultValues() {
      return Map.of(
          "tieWordEmbeddings",
          false,
          "attentionBias",
          false,
          "ropeTheta",
          10_000.0,
          "rmsNormEps",
          1e-6);
    }
  }

  private HuggingFaceConfig(Path file, ConfNode config) {
    this.file = file;
    this.config = config;
  }

  static ModelSpec model(Path file, ConfNode config) {
    HuggingFaceConfig read = new HuggingFaceConfig(file, config);
    String type = read.modelType();
    Keys keys = read.keys();
    read.requireFullAttention(keys);
    return read.spec(type, keys);
  }

  /** Attention over a window costs less than the full attention that is modelled here. */
  private void requireFullAttention(Keys keys) {
    ConfNode window = config.get("sliding_window");
    ConfNode used = config.get("use_sliding_window");
    boolean off = used != null && "false".equals(used.text());
    if (window == null || window.kind() != ConfNode.Kind.SCALAR || off) {
      return;
    }
    if (Double.parseDouble(window.text()) < keys.maxPositionEmbeddings()) {
      throw new BadInputException(
          "%s: sliding-window attention (%s of %d positions) is not supported. Maybe lower max_position_embeddings to the window, if requests stay within it."
              .formatted(window.where(), window.text(), keys.maxPositionEmbeddings()));
    }
  }

  private String modelType() {
    String type = config.get("model_type") == null ? null : config.get("model_type").text();
    if (type == null) {
      throw new BadInputException(
          "%s: neither a model card (no layers) nor a Hugging Face config (no model_type)"
              .formatted(file));
    }
    if (!SUPPORTED.contains(type)) {
      throw new BadInputException(
          "%s: unsupported model_type (%s). Supported: %s"
              .formatted(config.get("model_type").where(), type, String.join(", ", SUPPORTED)));
    }
    return type;
  }

  private Keys keys() {
    ConfNode read = config;
    for (String key : config.entries().keySet()) {
      boolean nothing = config.get(key).kind() == ConfNode.Kind.NULL;
      if (nothing || !KEYS.contains(key)) {
        read = read.without(key);
      }
    }
    ConfNode rope = config.get("rope_parameters");
    if (rope != null && rope.get("rope_theta") != null) {
      read = read.with("rope_theta", rope.get("rope_theta"));
    }
    return RecordBinder.bind(read, Keys.class);
  }

  private ModelSpec spec(String modelType, Keys keys) {
    int heads = keys.numAttentionHeads();
    try {
      return new ModelSpec(
          name(),
          keys.numHiddenLayers(),
          heads,
          keys.numKeyValueHeads() == null ? heads : keys.numKeyValueHeads(),
          keys.headDim() == null ? keys.hiddenSize() / Math.max(1, heads) : keys.headDim(),
          keys.hiddenSize(),
          keys.intermediateSize(),
          keys.vocabSize(),
          keys.maxPositionEmbeddings(),
          true,
          true,
          keys.tieWordEmbeddings(),
          // Qwen2 has these biases without a key that says so.
          keys.attentionBias() || modelType.equals("qwen2"),
          modelType.startsWith("qwen3"),
          keys.ropeTheta(),
          keys.rmsNormEps(),
          experts(modelType, keys),
          latentAttention(keys),
          HuggingFaceQuantization.of(
              config, keys.numHiddenLayers(), SUPPORTED_SPARSE.contains(modelType)));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Mixtral, Qwen and DeepSeek each have their own words for it. */
  private ExpertLayers experts(String modelType, Keys keys) {
    Integer experts =
        Stream.of(keys.numLocalExperts(), keys.numExperts(), keys.nRoutedExperts())
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    boolean sparse = !SUPPORTED_DENSE.contains(modelType);
    if (!sparse && experts == null) {
      return null;
    }
    if (!sparse || experts == null || keys.numExpertsPerTok() == null) {
      throw new BadInputException(
          "%s: num_experts_per_tok and a number of experts belong to one of %s, and these to %s"
              .formatted(file, String.join(", ", SUPPORTED_SPARSE), modelType));
    }
    requireEveryLayerSparse(keys.decoderSparseStep(), "decoder_sparse_step");
    requireEveryLayerSparse(keys.moeLayerFreq(), "moe_layer_freq");
    return new ExpertLayers(
        experts,
        keys.numExpertsPerTok(),
        keys.moeIntermediateSize() == null ? keys.intermediateSize() : keys.moeIntermediateSize(),
        keys.nSharedExperts() == null ? 0 : keys.nSharedExperts(),
        keys.firstKDenseReplace() == null ? 0 : keys.firstKDenseReplace());
  }

  private void requireEveryLayerSparse(Integer step, String key) {
    if (step != null && step != 1) {
      throw new BadInputException(
          "%s: %s (%d): only models with experts in every layer, but for the first ones, are supported"
              .formatted(file, key, step));
    }
  }

  private static LatentAttention latentAttention(Keys keys) {
    return keys.kvLoraRank() == null
        ? null
        : new LatentAttention(
            keys.qLoraRank(),
            keys.kvLoraRank(),
            keys.qkNopeHeadDim(),
            keys.qkRopeHeadDim(),
            keys.vHeadDim());
  }

  private String name() {
    ConfNode name = config.get("_name_or_path");
    if (name != null && name.text() != null && !name.text().isBlank()) {
      return name.text();
    }
    return file.toAbsolutePath().getParent().getFileName().toString();
  }
}
