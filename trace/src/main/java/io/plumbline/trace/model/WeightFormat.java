package io.plumbline.trace.model;

/**
 * Number format of quantised weights, and in which format they are multiplied where a device can.
 * Scales of a whole tensor or channel are not counted: below 0.02 bits a weight.
 */
public enum WeightFormat {
  /** FP8 E4M3, activations too: a scale per tensor, per channel, or per block of 128 x 128. */
  FP8(8, 32, null, MatrixFormat.FP8),
  /** INT8 with a scale per channel, activations too: W8A8. */
  INT8(8, 32, null, MatrixFormat.INT8),
  /** INT8, activations in 16 bits: GPTQ of 8 bits. */
  W8A16(8, 16, 128, MatrixFormat.DTYPE),
  /** INT4, activations in 16 bits: GPTQ and AWQ of 4 bits. */
  W4A16(4, 16, 128, MatrixFormat.DTYPE),
  /** FP4 E2M1 with an FP8 scale for 16 weights, activations too. */
  NVFP4(4, 8, 16, MatrixFormat.FP4),
  /**
   * FP4 E2M1 with a power of two as the scale of 32 weights, activations in 16 bits.
   *
   * @see <a
   *     href="https://www.opencompute.org/documents/ocp-microscaling-formats-mx-v1-0-spec-final-pdf">
   *     OCP Microscaling Formats v1.0, section 5</a>
   */
  MXFP4(4, 8, 32, MatrixFormat.DTYPE);

  private final int bits;
  private final int scaleBits;
  private final Integer weightsPerScale;
  private final MatrixFormat multipliedIn;

  WeightFormat(int bits, int scaleBits, Integer weightsPerScale, MatrixFormat multipliedIn) {
    this.bits = bits;
    this.scaleBits = scaleBits;
    this.weightsPerScale = weightsPerScale;
    this.multipliedIn = multipliedIn;
  }

  /** Bits of a weight without scales. */
  int bits() {
    return bits;
  }

  /** Bits of a scale. */
  int scaleBits() {
    return scaleBits;
  }

  /** Weights that usually share a scale; null for whole tensors or channels. */
  public Integer weightsPerScale() {
    return weightsPerScale;
  }

  /** The format of the products, on a device that has it. */
  public MatrixFormat multipliedIn() {
    return multipliedIn;
  }
}
