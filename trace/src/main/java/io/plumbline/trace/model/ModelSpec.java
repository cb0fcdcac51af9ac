package io.plumbline.trace.model;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * Shape of a decoder-only transformer, as its model card states it: what both a simulator and a
 * real engine need to know about a model, without its weights.
 *
 * @param name the name on Hugging Face, e.g. {@code meta-llama/Llama-2-70b-hf}
 * @param layers number of transformer blocks
 * @param queryHeads attention heads for queries
 * @param kvHeads attention heads for keys and values; fewer than {@code queryHeads} means
 *     grouped-query attention
 * @param headDim width of one head (not always {@code hiddenSize / queryHeads}: Qwen3)
 * @param hiddenSize width of the residual stream
 * @param mlpHiddenSize width inside the MLP
 * @param vocabularySize number of token ids
 * @param maxPositions longest context in tokens
 * @param gatedMlp whether the MLP has a gate projection besides up and down (SwiGLU)
 * @param postAttentionNorm whether a norm stands between attention and MLP
 * @param tiedEmbeddings whether the LM head is the embedding table
 * @param qkvBias whether the query, key and value projections add a bias
 * @param queryKeyNorm whether queries and keys are RMS-normalised per head (Qwen3)
 * @param ropeTheta base of the rotary position embedding
 * @param normEpsilon epsilon of the RMS norms
 * @param expertLayers the mixture of experts; null for a dense model
 * @param latentAttention how keys and values are compressed; null if they are not, else {@code
 *     headDim} and {@code kvHeads} are not used
 * @param quantization how the checkpoint's matrices are quantised; null if they are not
 */
public record ModelSpec(
    String name,
    int layers,
    int queryHeads,
    int kvHeads,
    int headDim,
    int hiddenSize,
    int mlpHiddenSize,
    int vocabularySize,
    int maxPositions,
    boolean gatedMlp,
    boolean postAttentionNorm,
    boolean tiedEmbeddings,
    boolean qkvBias,
    boolean queryKeyNorm,
    double ropeTheta,
    double normEpsilon,
    ExpertLayers expertLayers,
    LatentAttention latentAttention,
    WeightQuantization quantization)
    implements Serializable {

  public ModelSpec {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank");
    }
    positive("layers", layers);
    positive("queryHeads", queryHeads);
    positive("kvHeads", kvHeads);
    positive("headDim", headDim);
    positive("hiddenSize", hiddenSize);
    positive("mlpHiddenSize", mlpHiddenSize);
    positive("vocabularySize", vocabularySize);
    positive("maxPositions", maxPositions);
    if (queryHeads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "queryHeads (%d) must be a multiple of kvHeads (%d)".formatted(queryHeads, kvHeads));
    }
    if (!(ropeTheta > 0)) {
      throw new IllegalArgumentException("ropeTheta (%s) must be positive".formatted(ropeTheta));
    }
    if (!(normEpsilon > 0)) {
      throw new IllegalArgumentException(
          "normEpsilon (%s) must be positive".formatted(normEpsilon));
    }
    if (expertLayers != null && expertLayers.firstDenseLayers() >= layers) {
      throw new IllegalArgumentException(
          "firstDenseLayers (%d) must be below layers (%d)"
              .formatted(expertLayers.firstDenseLayers(), layers));
    }
  }

  /** A dense model with plain or grouped attention. */
  public ModelSpec(
      String name,
      int layers,
      int queryHeads,
      int kvHeads,
      int headDim,
      int hiddenSize,
      int mlpHiddenSize,
      int vocabularySize,
      int maxPositions,
      boolean gatedMlp,
      boolean postAttentionNorm,
      boolean tiedEmbeddings,
      boolean qkvBias,
      boolean queryKeyNorm,
      double ropeTheta,
      double normEpsilon) {
    this(
        name,
        layers,
        queryHeads,
        kvHeads,
        headDim,
        hiddenSize,
        mlpHiddenSize,
        vocabularySize,
        maxPositions,
        gatedMlp,
        postAttentionNorm,
        tiedEmbeddings,
        qkvBias,
        queryKeyNorm,
        ropeTheta,
        normEpsilon,
        null,
        null,
        null);
  }

  /** A card says nothing of experts, latent attention or quantisation if there are none. */
  public static Map<String, Object> defaultValues() {
    Map<String, Object> values = new HashMap<>();
    values.put("expertLayers", null);
    values.put("latentAttention", null);
    values.put("quantization", null);
    return values;
  }

  static void positive(String what, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s (%d) must be positive".formatted(what, value));
    }
  }

  /** Whether several query heads share one key/value head. */
  public boolean groupedQueryAttention() {
    return queryHeads > kvHeads;
  }

  /** Whether some layers have experts. */
  public boolean mixtureOfExperts() {
    return expertLayers != null;
  }

  /** Layers that have experts. */
  public int sparseLayers() {
    return expertLayers == null ? 0 : layers - expertLayers.firstDenseLayers();
  }

  /** Weights of one layer's attention: its projections, without norms and biases. */
  public long attentionParameters() {
    return latentAttention != null
        ? latentAttention.parameters(hiddenSize, queryHeads)
        : (long) hiddenSize * headDim * (2L * queryHeads + 2L * kvHeads);
  }

  /** Weights of one layer's plain MLP. */
  public long mlpParameters() {
    return (long) mlpProjections() * hiddenSize * mlpHiddenSize;
  }

  /** Weights of one expert of one layer. */
  public long expertParameters() {
    return 3L * hiddenSize * expertLayers.expertHiddenSize();
  }

  /** Weights of the shared experts of one layer. */
  public long sharedExpertParameters() {
    return expertLayers.sharedExperts() * expertParameters();
  }

  /** Weights of one layer's router; 0 for a dense model. */
  public long routerParameters() {
    return mixtureOfExperts() ? (long) hiddenSize * expertLayers.experts() : 0;
  }

  /** Weights of all transformer blocks, without norms and biases. */
  public long blockParameters() {
    return blockParameters(mixtureOfExperts() ? expertLayers.experts() : 0);
  }

  /** Of these, those that one token is multiplied with. */
  public long activeBlockParameters() {
    return blockParameters(mixtureOfExperts() ? expertLayers.expertsPerToken() : 0);
  }

  private long blockParameters(int expertsCounted) {
    long dense = (layers - sparseLayers()) * mlpParameters();
    long sparse =
        mixtureOfExperts()
            ? sparseLayers()
                * (routerParameters()
                    + sharedExpertParameters()
                    + expertsCounted * expertParameters())
            : 0;
    return layers * attentionParameters() + dense + sparse;
  }

  /** Weights of the embedding table and, unless tied, of the LM head. */
  public long embeddingParameters() {
    return (tiedEmbeddings ? 1L : 2L) * vocabularySize * hiddenSize;
  }

  /** All weights, without norms and biases (below 0.1 % of any model here). */
  public long parameters() {
    return blockParameters() + embeddingParameters();
  }

  /** Matrices of the MLP: up, down and, if gated, gate. */
  public int mlpProjections() {
    return gatedMlp ? 3 : 2;
  }

  /** Elements (keys plus values, all layers) that one token leaves in the KV cache. */
  public long kvElementsPerToken() {
    return latentAttention != null
        ? (long) layers * latentAttention.cachedElements()
        : 2L * layers * kvHeads * headDim;
  }
}
