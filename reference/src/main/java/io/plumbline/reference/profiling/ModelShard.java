package io.plumbline.reference.profiling;

import io.plumbline.trace.model.ModelSpec;

/**
 * What one of several devices computes of every layer: its share of heads, MLP and vocabulary.
 *
 * @param model the shard as a model of its own
 * @param tensorParallel how many devices share each layer
 */
public record ModelShard(ModelSpec model, int tensorParallel) {

  /**
   * The shard of a degree. Key/value heads are copied where there are fewer than devices.
   *
   * @throws IllegalArgumentException if the model cannot be parted so
   */
  public static ModelShard of(ModelSpec model, int degree) {
    requireDivisible(model, "queryHeads", model.queryHeads(), degree);
    requireDivisible(model, "mlpHiddenSize", model.mlpHiddenSize(), degree);
    requireDivisible(model, "vocabularySize", model.vocabularySize(), degree);
    if (model.kvHeads() > degree) {
      requireDivisible(model, "kvHeads", model.kvHeads(), degree);
    }
    ModelSpec shard =
        new ModelSpec(
            model.name(),
            model.layers(),
            model.queryHeads() / degree,
            Math.max(1, model.kvHeads() / degree),
            model.headDim(),
            model.hiddenSize(),
            model.mlpHiddenSize() / degree,
            model.vocabularySize() / degree,
            model.maxPositions(),
            model.gatedMlp(),
            model.postAttentionNorm(),
            model.tiedEmbeddings(),
            model.qkvBias(),
            model.queryKeyNorm(),
            model.ropeTheta(),
            model.normEpsilon());
    return new ModelShard(shard, degree);
  }

  private static void requireDivisible(ModelSpec model, String what, int value, int degree) {
    if (value % degree != 0) {
      throw new IllegalArgumentException(
          "model %s has %s (%d), which tensor parallel degree %d does not divide. Maybe leave it out of tensor_parallel."
              .formatted(model.name(), what, value, degree));
    }
  }
}
