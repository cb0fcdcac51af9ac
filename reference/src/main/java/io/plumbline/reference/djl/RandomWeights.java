package io.plumbline.reference.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.plumbline.trace.model.ModelSpec;

/** Weights drawn from a seed, scaled so that activations stay of the order of 1. */
final class RandomWeights implements WeightSource {
  /** Spread of norm scales around 1, and of biases around 0. */
  private static final float SMALL = 0.1f;

  /** The engine has one generator for all: nothing else may draw until the weights are there. */
  RandomWeights(int seed) {
    Engine.getEngine(DjlEngine.ENGINE).setRandomSeed(seed);
  }

  @Override
  public void requireServes(ModelSpec model) {
    // Whatever the shape is.
  }

  @Override
  public NDArray matrix(NDManager owner, int columns, Part... parts) {
    // Inputs of unit variance give outputs of unit variance.
    float deviation = (float) (1 / Math.sqrt(columns));
    return normal(owner, 0, deviation, new Shape(rows(parts), columns));
  }

  @Override
  public NDArray scale(NDManager owner, Part part) {
    return normal(owner, 1, SMALL, new Shape(part.rows()));
  }

  @Override
  public NDArray bias(NDManager owner, Part... parts) {
    return normal(owner, 0, SMALL, new Shape(rows(parts)));
  }

  private static long rows(Part... parts) {
    long rows = 0;
    for (Part part : parts) {
      rows += part.rows();
    }
    return rows;
  }

  private static NDArray normal(NDManager owner, float mean, float deviation, Shape shape) {
    return owner.randomNormal(mean, deviation, shape, DataType.FLOAT32);
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
