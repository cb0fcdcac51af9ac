package io.plumbline.simulator.hardware;

/** Number format of weights, activations and keys and values. */
public enum DataType {
  /** Any format of 16 bits: FP16, BF16. */
  FLOAT16(2),
  /** FP32. */
  FLOAT32(4);

  private final int bytes;

  DataType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
