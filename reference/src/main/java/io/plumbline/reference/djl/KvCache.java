package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.plumbline.trace.model.ModelSpec;

/** Keys and values of one sequence: the state of a request, apart from the weights. */
final class KvCache implements AutoCloseable {
  private final NDManager manager;
  private final NDArray[] keys;
  private final NDArray[] values;
  private final int capacityTokens;
  private int tokens;

  KvCache(NDManager parent, ModelSpec model, int capacityTokens) {
    this.manager = parent.newSubManager();
    this.capacityTokens = capacityTokens;
    this.keys = new NDArray[model.layers()];
    this.values = new NDArray[model.layers()];
    Shape shape = new Shape(model.kvHeads(), capacityTokens, model.headDim());
    for (int layer = 0; layer < model.layers(); layer++) {
      keys[layer] = manager.zeros(shape, DataType.FLOAT32);
      values[layer] = manager.zeros(shape, DataType.FLOAT32);
    }
  }

  /** Tokens held, equal to the position of the next one. */
  int tokens() {
    return tokens;
  }

  /** Writes keys and values [kvHeads, n, headDim] of the next n tokens in one layer. */
  void append(int layer, NDArray newKeys, NDArray newValues) {
    NDIndex rows = rows(tokens, tokens + newKeys.getShape().get(1));
    keys[layer].set(rows, newKeys);
    values[layer].set(rows, newValues);
  }

  /** The first tokens' keys [kvHeads, count, headDim]. */
  NDArray keys(NDManager owner, int layer, int count) {
    return keys[layer].get(owner, rows(0, count));
  }

  /** The first tokens' values [kvHeads, count, headDim]. */
  NDArray values(NDManager owner, int layer, int count) {
    return values[layer].get(owner, rows(0, count));
  }

  private static NDIndex rows(long from, long to) {
    return new NDIndex().addAllDim().addSliceDim(from, to).addAllDim();
  }

  /** Makes the tokens that every layer has appended part of the sequence. */
  void advance(int count) {
    tokens += count;
  }

  void requireRoom(int count) {
    if (count > capacityTokens - tokens) {
      throw new IllegalStateException(
          "%d tokens after %d exceed the KV cache of %d tokens. Maybe raise maxContextTokens."
              .formatted(count, tokens, capacityTokens));
    }
  }

  /** Forgets the sequence; what it wrote is overwritten before it is read again. */
  void clear() {
    tokens = 0;
  }

  @Override
  public void close() {
    manager.close();
  }
}
