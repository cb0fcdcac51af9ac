package io.plumbline.trace.model;

import java.io.Serializable;

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
    double normEpsilon)
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
  }

  private static void positive(String what, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s (%d) must be positive".formatted(what, value));
    }
  }

  /** Whether several query heads share one key/value head. */
  public boolean groupedQueryAttention() {
    return queryHeads > kvHeads;
  }

  /** Weights of one transformer block: projections and MLP, without norms and biases. */
  public long parametersPerLayer() {
    long attention = (long) hiddenSize * headDim * (2L * queryHeads + 2L * kvHeads);
    long mlp = (long) mlpProjections() * hiddenSize * mlpHiddenSize;
    return attention + mlp;
  }

  /** Weights of the embedding table and, unless tied, of the LM head. */
  public long embeddingParameters() {
    return (tiedEmbeddings ? 1L : 2L) * vocabularySize * hiddenSize;
  }

  /** All weights, without norms and biases (below 0.1 % of any model here). */
  public long parameters() {
    return layers * parametersPerLayer() + embeddingParameters();
  }

  /** Matrices of the MLP: up, down and, if gated, gate. */
  public int mlpProjections() {
    return gatedMlp ? 3 : 2;
  }

  /** Elements (keys plus values, all layers) that one token leaves in the KV cache. */
  public long kvElementsPerToken() {
    return 2L * layers * kvHeads * headDim;
  }
}
