package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import io.plumbline.trace.model.ModelSpec;

/**
 * A decoder-only transformer in float32: pre-norm blocks of grouped-query attention with rotary
 * positions and a KV cache, and a SwiGLU or GELU MLP. It serves one sequence at a time.
 *
 * <p>Every temporary belongs to the manager of its layer or step, and an NDArray operation gives
 * its result to the manager of its first operand: activations therefore stand left of weights.
 */
final class Decoder implements AutoCloseable {
  // Far below any score, so that softmax makes it exactly zero.
  private static final float MASKED = -1e9f;

  private final ModelSpec model;
  private final NDManager manager;
  private final DecoderWeights weights;
  private final RotaryTable rotary;
  private final KvCache cache;

  /**
   * @param maxContextTokens longest sequence, prompt and output together
   * @param seed seed of the random weights
   */
  Decoder(NDManager parent, ModelSpec model, int maxContextTokens, int seed) {
    requireSupported(model);
    this.model = model;
    this.manager = parent.newSubManager();
    this.weights = DecoderWeights.random(manager, model, seed);
    this.rotary = RotaryTable.of(manager, model, maxContextTokens);
    this.cache = new KvCache(manager, model, maxContextTokens);
  }

  /** Refuses shapes that this decoder would compute wrongly. */
  static void requireSupported(ModelSpec model) {
    if (!model.postAttentionNorm()) {
      throw new IllegalArgumentException(
          "model %s has postAttentionNorm = false: the decoder has no parallel attention and MLP"
              .formatted(model.name()));
    }
    if (model.headDim() % 2 != 0) {
      throw new IllegalArgumentException(
          "model %s has headDim (%d), which must be even to be rotated in halves"
              .formatted(model.name(), model.headDim()));
    }
  }

  /** Reads a whole prompt into the empty cache; returns the first output token. */
  long prefill(long[] promptIds) {
    if (cache.tokens() != 0) {
      throw new IllegalStateException(
          "prefill needs an empty KV cache but it holds %d tokens. Maybe call reset() first."
              .formatted(cache.tokens()));
    }
    return nextToken(promptIds);
  }

  /** Appends one token to the sequence; returns the greedy next one. */
  long decode(long tokenId) {
    return nextToken(new long[] {tokenId});
  }

  /** Forgets the sequence; the weights stay. */
  void reset() {
    cache.clear();
  }

  private long nextToken(long[] ids) {
    try (NDManager step = manager.newSubManager()) {
      // DJL cannot synchronise a device; reading the scalar waits for all work before it.
      return forward(step, ids).argMax().getLong();
    }
  }

  /** As prefill or decode, but returns the logits of the last token instead of their argmax. */
  float[] logits(long[] ids) {
    try (NDManager step = manager.newSubManager()) {
      return forward(step, ids).toFloatArray();
    }
  }

  DecoderWeights weights() {
    return weights;
  }

  /** Arrays alive in this decoder: weights, tables, cache and whatever a step left behind. */
  int managedArrays() {
    return manager.getManagedArrays().size();
  }

  /** Runs the next tokens through all layers; returns the last one's logits [1, vocabulary]. */
  private NDArray forward(NDManager step, long[] ids) {
    cache.requireRoom(ids.length);
    int from = cache.tokens();
    int to = from + ids.length;
    RotaryTable angles = rotary.positions(step, from, to);
    NDArray mask = ids.length == 1 ? null : causalMask(step, from, to);
    NDArray x =
        Embedding.embedding(step.create(ids), weights.embedding(), SparseFormat.DENSE)
            .singletonOrThrow();
    for (int layer = 0; layer < model.layers(); layer++) {
      try (NDManager temporary = step.newSubManager()) {
        x.attach(temporary);
        x = x.add(attention(temporary, layer, x, angles, mask));
        x = x.add(mlp(weights.layers().get(layer), x));
        x.attach(step);
      }
    }
    cache.advance(ids.length);
    NDArray last = x.get(step, new NDIndex().addSliceDim(ids.length - 1, ids.length));
    return linear(rmsNorm(last, weights.finalNorm()), weights.head());
  }

  /** Zero where a token may look, far below zero at the tokens after it: [to - from, to]. */
  private static NDArray causalMask(NDManager step, int from, int to) {
    NDArray rows = step.arange(from, to).reshape(-1, 1);
    NDArray columns = step.arange(0, to).reshape(1, -1);
    return columns.gt(rows).toType(DataType.FLOAT32, false).mul(MASKED);
  }

  private NDArray attention(
      NDManager temporary, int layer, NDArray x, RotaryTable angles, NDArray mask) {
    LayerWeights w = weights.layers().get(layer);
    int queryHeads = model.queryHeads();
    int kvHeads = model.kvHeads();
    int headDim = model.headDim();
    long count = x.getShape().get(0);
    NDArray normed = rmsNorm(x, w.attentionNorm());
    NDArray qkv = linear(normed, w.qkv());
    if (w.qkvBias() != null) {
      qkv = qkv.add(w.qkvBias());
    }
    NDArray heads = qkv.reshape(count, queryHeads + 2L * kvHeads, headDim).swapAxes(0, 1);
    NDList parts = heads.split(new long[] {queryHeads, queryHeads + kvHeads}, 0);
    NDArray queries = angles.rotate(headNorm(parts.get(0), w.queryNorm()));
    NDArray keys = angles.rotate(headNorm(parts.get(1), w.keyNorm()));
    cache.append(layer, keys, parts.get(2));

    int context = cache.tokens() + (int) count;
    NDArray allKeys = cache.keys(temporary, layer, context);
    NDArray allValues = cache.values(temporary, layer, context);
    NDArray mixed = mix(queries, allKeys, allValues, mask);
    return linear(
        mixed.swapAxes(0, 1).reshape(count, (long) queryHeads * headDim), w.attentionOut());
  }

  /**
   * Scaled dot-product attention [queryHeads, count, headDim]. The query heads that share a
   * key/value head are folded into its rows, so that keys and values are never copied.
   */
  private NDArray mix(NDArray queries, NDArray keys, NDArray values, NDArray mask) {
    long kvHeads = model.kvHeads();
    long group = model.queryHeads() / kvHeads;
    long count = queries.getShape().get(1);
    long context = keys.getShape().get(1);
    NDArray folded = queries.reshape(kvHeads, group * count, model.headDim());
    NDArray scores = folded.mul(1 / Math.sqrt(model.headDim())).batchMatMul(keys.swapAxes(1, 2));
    if (mask != null) {
      scores =
          scores
              .reshape(kvHeads, group, count, context)
              .add(mask)
              .reshape(kvHeads, group * count, context);
    }
    return scores
        .softmax(-1)
        .batchMatMul(values)
        .reshape(model.queryHeads(), count, model.headDim());
  }

  private NDArray mlp(LayerWeights w, NDArray x) {
    NDArray in = linear(rmsNorm(x, w.mlpNorm()), w.mlpIn());
    return linear(model.gatedMlp() ? swiGlu(in) : Activation.gelu(in), w.mlpOut());
  }

  private static NDArray swiGlu(NDArray gateAndUp) {
    NDList halves = gateAndUp.split(2, 1);
    NDArray gate = halves.get(0);
    return gate.mul(Activation.sigmoid(gate)).mul(halves.get(1));
  }

  private NDArray headNorm(NDArray heads, NDArray scale) {
    return scale == null ? heads : rmsNorm(heads, scale);
  }

  private NDArray rmsNorm(NDArray x, NDArray scale) {
    NDArray meanSquare = x.mul(x).mean(new int[] {-1}, true);
    return x.div(meanSquare.add(model.normEpsilon()).sqrt()).mul(scale);
  }

  private static NDArray linear(NDArray x, NDArray weight) {
    return Linear.linear(x, weight).singletonOrThrow();
  }

  @Override
  public void close() {
    manager.close();
  }
}
