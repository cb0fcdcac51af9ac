package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.plumbline.trace.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * All weights of a decoder, shared by every request it serves.
 *
 * @param manager owns them
 * @param embedding [vocabulary, hidden]
 * @param layers in order
 * @param finalNorm scale of the last norm
 * @param head LM head [vocabulary, hidden]; the embedding itself if tied
 */
record DecoderWeights(
    NDManager manager,
    NDArray embedding,
    List<LayerWeights> layers,
    NDArray finalNorm,
    NDArray head)
    implements AutoCloseable {

  /** Spread of norm scales around 1, and of biases around 0. */
  private static final float SMALL = 0.1f;

  /**
   * Random weights: the time of a dense decoder does not depend on their values. The same seed on
   * the same device gives the same weights.
   */
  static DecoderWeights random(NDManager parent, ModelSpec model, int seed) {
    // The engine has one generator for all, so nothing else may draw until the weights are there.
    parent.getEngine().setRandomSeed(seed);
    NDManager manager = parent.newSubManager();
    NDArray embedding = matrix(manager, model.vocabularySize(), model.hiddenSize());
    List<LayerWeights> layers = new ArrayList<>(model.layers());
    for (int layer = 0; layer < model.layers(); layer++) {
      layers.add(randomLayer(manager, model));
    }
    NDArray finalNorm = scale(manager, model.hiddenSize());
    NDArray head =
        model.tiedEmbeddings()
            ? embedding
            : matrix(manager, model.vocabularySize(), model.hiddenSize());
    return new DecoderWeights(manager, embedding, List.copyOf(layers), finalNorm, head);
  }

  private static LayerWeights randomLayer(NDManager manager, ModelSpec model) {
    int hidden = model.hiddenSize();
    long queryWidth = (long) model.queryHeads() * model.headDim();
    long qkvWidth = queryWidth + 2L * model.kvHeads() * model.headDim();
    return new LayerWeights(
        scale(manager, hidden),
        matrix(manager, qkvWidth, hidden),
        model.qkvBias() ? normal(manager, 0, SMALL, new Shape(qkvWidth)) : null,
        model.queryKeyNorm() ? scale(manager, model.headDim()) : null,
        model.queryKeyNorm() ? scale(manager, model.headDim()) : null,
        matrix(manager, hidden, queryWidth),
        scale(manager, hidden),
        matrix(manager, (model.gatedMlp() ? 2L : 1L) * model.mlpHiddenSize(), hidden),
        matrix(manager, hidden, model.mlpHiddenSize()));
  }

  /** Scaled so that inputs of unit variance give outputs of unit variance. */
  private static NDArray matrix(NDManager manager, long outputs, long inputs) {
    return normal(manager, 0, (float) (1 / Math.sqrt(inputs)), new Shape(outputs, inputs));
  }

  private static NDArray scale(NDManager manager, long width) {
    return normal(manager, 1, SMALL, new Shape(width));
  }

  private static NDArray normal(NDManager manager, float mean, float deviation, Shape shape) {
    return manager.randomNormal(mean, deviation, shape, DataType.FLOAT32);
  }

  @Override
  public void close() {
    manager.close();
  }
}
