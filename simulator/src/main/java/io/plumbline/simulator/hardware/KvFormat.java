package io.plumbline.simulator.hardware;

/** Number format of cached keys and values. */
public enum KvFormat {
  /** The dtype of the deployment. */
  AUTO(0, 0, 0),
  FLOAT16(16, 0, 0),
  /** FP8 with a scale per tensor, or per head of all tokens: nothing per token. */
  FP8(8, 0, 0),
  /** INT8 with an FP32 scale for each head of each token. */
  INT8(8, 32, 0),
  /** FP4 with an FP8 scale for 16 elements. */
  NVFP4(4, 8, 16);

  private final int bits;
  private final int scaleBits;
  private final int elementsPerScale;

  KvFormat(int bits, int scaleBits, int elementsPerScale) {
    this.bits = bits;
    this.scaleBits = scaleBits;
    this.elementsPerScale = elementsPerScale;
  }

  /**
   * Bytes of one element with its share of scales.
   *
   * @param headDim elements of one head's key or value
   */
  double bytesPerElement(DataType dtype, int headDim) {
    if (this == AUTO) {
      return dtype.bytes();
    }
    int shared = elementsPerScale == 0 ? headDim : elementsPerScale;
    return (bits + (double) scaleBits / shared) / 8;
  }
}
