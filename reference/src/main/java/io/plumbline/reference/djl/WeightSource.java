package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.plumbline.trace.model.ModelSpec;

/** Gives the weights of a model, tensor by tensor, as float32 arrays. */
interface WeightSource extends AutoCloseable {

  /**
   * A tensor, or one of several that are stacked.
   *
   * @param name its name in a Llama-like model on Hugging Face
   * @param rows its first dimension
   */
  record Part(String name, int rows) {}

  /**
   * Checks before anything is read that this source can serve the model.
   *
   * @throws IllegalArgumentException if it cannot
   */
  void requireServes(ModelSpec model);

  /** A matrix [sum of rows, columns]: parts with the same input, stacked in their order. */
  NDArray matrix(NDManager owner, int columns, Part... parts);

  /** A scale of a norm, [rows]. */
  NDArray scale(NDManager owner, Part part);

  /** The biases of a stacked matrix, [sum of rows]. */
  NDArray bias(NDManager owner, Part... parts);

  @Override
  void close();
}
