package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.plumbline.trace.model.ModelSpec;
import java.util.function.UnaryOperator;

/**
 * Rotary position embedding (RoPE) in the half-split layout of Llama and Qwen: element i of a head
 * turns with element i + headDim / 2, by position / ropeTheta^(2i / headDim).
 *
 * @param cos [positions, 1, headDim]
 * @param sin [positions, 1, headDim]
 * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer</a>
 */
record RotaryTable(NDArray cos, NDArray sin) {

  /**
   * The table for all positions below a bound.
   *
   * @param toDtype as in {@link DecoderWeights#load}
   */
  static RotaryTable of(
      NDManager manager, ModelSpec model, int positions, UnaryOperator<NDArray> toDtype) {
    int headDim = model.headDim();
    int half = headDim / 2;
    float[] cos = new float[Math.multiplyExact(positions, headDim)];
    float[] sin = new float[cos.length];
    // In double: single precision would lose the angle of late positions.
    for (int i = 0; i < half; i++) {
      double frequency = Math.pow(model.ropeTheta(), -2.0 * i / headDim);
      for (int position = 0; position < positions; position++) {
        int at = position * headDim + i;
        cos[at] = (float) Math.cos(position * frequency);
        sin[at] = (float) Math.sin(position * frequency);
        cos[at + half] = cos[at];
        sin[at + half] = sin[at];
      }
    }
    Shape shape = new Shape(positions, 1, headDim);
    return new RotaryTable(
        toDtype.apply(manager.create(cos, shape)), toDtype.apply(manager.create(sin, shape)));
  }

  /** The rows of some positions, owned by another manager. */
  RotaryTable at(NDManager owner, NDArray positions) {
    NDIndex rows = new NDIndex("{}", positions);
    return new RotaryTable(cos.get(owner, rows), sin.get(owner, rows));
  }

  /** Turns heads [positions, heads, headDim] by the angles of this table's rows. */
  NDArray rotate(NDArray heads) {
    NDList halves = heads.split(2, 2);
    NDArray turned = halves.get(1).neg().concat(halves.get(0), -1);
    return heads.mul(cos).add(turned.mul(sin));
  }
}
