package io.plumbline.reference.djl;

import ai.djl.ndarray.types.DataType;

/** Number format of weights, activations and KV cache. */
public enum Dtype {
  FLOAT32(4, DataType.FLOAT32, 6),
  FLOAT16(2, DataType.FLOAT16, 5),
  /** Only inside TorchScript: DJL aborts the JVM where it meets one as an array of its own. */
  BFLOAT16(2, null, 15);

  private final int bytes;
  private final DataType dataType;
  private final long scriptCode;

  Dtype(int bytes, DataType dataType, long scriptCode) {
    this.bytes = bytes;
    this.dataType = dataType;
    this.scriptCode = scriptCode;
  }

  int bytes() {
    return bytes;
  }

  /** DJL's name for it; null if it has none that works. */
  DataType dataType() {
    return dataType;
  }

  /** PyTorch's number for it (c10::ScalarType), as TorchScript takes it. */
  long scriptCode() {
    return scriptCode;
  }
}
