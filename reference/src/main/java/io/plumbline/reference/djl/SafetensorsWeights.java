package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.plumbline.files.weights.SafetensorsFolder;
import io.plumbline.trace.model.ModelSpec;

/** Weights of a Llama-like model from Hugging Face. */
final class SafetensorsWeights implements WeightSource {
  /** Numbers read at once: 16 MiB of the heap. */
  private static final int CHUNK = 1 << 22;

  private final SafetensorsFolder folder;

  SafetensorsWeights(SafetensorsFolder folder) {
    this.folder = folder;
  }

  @Override
  public void requireServes(ModelSpec model) {
    if (!model.gatedMlp()) {
      throw new IllegalArgumentException(
          "model %s has gatedMlp = false: only weights of Llama-like models can be read"
              .formatted(model.name()));
    }
  }

  @Override
  public NDArray matrix(NDManager owner, int columns, Part... parts) {
    long rows = 0;
    for (Part part : parts) {
      folder.require(part.name(), part.rows(), columns);
      rows += part.rows();
    }
    NDArray matrix = owner.create(new Shape(rows, columns), DataType.FLOAT32);
    long at = 0;
    for (Part part : parts) {
      copyRows(part, columns, matrix, at);
      at += part.rows();
    }
    return matrix;
  }

  /** In pieces, since a table of embeddings may be larger than a Java array can be. */
  private void copyRows(Part part, int columns, NDArray matrix, long at) {
    int rowsAtOnce = Math.max(1, CHUNK / columns);
    for (int row = 0; row < part.rows(); row += rowsAtOnce) {
      int rows = Math.min(rowsAtOnce, part.rows() - row);
      float[] values = new float[rows * columns];
      folder.read(part.name(), (long) row * columns, values);
      try (NDManager temporary = matrix.getManager().newSubManager()) {
        matrix.set(
            new NDIndex().addSliceDim(at + row, at + row + rows).addAllDim(),
            temporary.create(values, new Shape(rows, columns)));
      }
    }
  }

  @Override
  public NDArray scale(NDManager owner, Part part) {
    return bias(owner, part);
  }

  @Override
  public NDArray bias(NDManager owner, Part... parts) {
    int total = 0;
    for (Part part : parts) {
      folder.require(part.name(), part.rows());
      total += part.rows();
    }
    float[] all = new float[total];
    int at = 0;
    for (Part part : parts) {
      float[] values = new float[part.rows()];
      folder.read(part.name(), 0, values);
      System.arraycopy(values, 0, all, at, values.length);
      at += values.length;
    }
    return owner.create(all);
  }

  @Override
  public void close() {
    folder.close();
  }
}
