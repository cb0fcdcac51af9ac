package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Weights of one transformer block. Matrices are [outputs, inputs]; projections that read the same
 * input are one matrix.
 *
 * @param attentionNorm scale of the norm before attention
 * @param qkv query, key and value projections, stacked in this order
 * @param qkvBias their biases; null if the model has none
 * @param queryNorm scale of the per-head norm of queries; null if the model has none
 * @param keyNorm scale of the per-head norm of keys; null if the model has none
 * @param attentionOut projection back to the residual stream
 * @param mlpNorm scale of the norm before the MLP
 * @param mlpIn gate and up projections, stacked in this order; up alone if the MLP is not gated
 * @param mlpOut down projection
 */
record LayerWeights(
    NDArray attentionNorm,
    NDArray qkv,
    NDArray qkvBias,
    NDArray queryNorm,
    NDArray keyNorm,
    NDArray attentionOut,
    NDArray mlpNorm,
    NDArray mlpIn,
    NDArray mlpOut) {

  /** Those that the model has, in the order above. */
  List<NDArray> present() {
    return Stream.of(
            attentionNorm, qkv, qkvBias, queryNorm, keyNorm, attentionOut, mlpNorm, mlpIn, mlpOut)
        .filter(Objects::nonNull)
        .toList();
  }
}
