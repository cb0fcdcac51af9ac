package io.plumbline.simulator.compass;

/** LLMCompass's rooflines: seconds of operators by peak rates alone, without launch overheads. */
public final class Roofline {
  private final Accelerator device;

  public Roofline(Accelerator device) {
    this.device = device;
  }

  /** A product. It counts elements instead of bytes, as the original does. */
  public double matmulSeconds(MatmulShape shape) {
    return Math.max(
        (double) (2 * shape.m() * shape.n() * shape.k()) / device.arrayFlopsPerSecond(),
        shape.elements() / device.rooflineBytesPerSecond());
  }

  public double batchedMatmulSeconds(long batch, MatmulShape shape) {
    return batch * matmulSeconds(shape);
  }

  /**
   * @param wordBytes bytes of an element of the tensor
   */
  public double softmaxSeconds(long rows, long columns, int wordBytes) {
    return Math.max(
        (double) (rows * columns * wordBytes * 3) / device.rooflineBytesPerSecond(),
        (double) (rows * columns * (device.vector().flopsPerExp() * 3L + 7))
            / device.vectorFlopsPerSecond());
  }

  /**
   * @param wordBytes bytes of an element of the tensor
   */
  public double layerNormSeconds(long rows, long columns, int wordBytes) {
    return Math.max(
        (double) (rows * columns * wordBytes * 2) / device.rooflineBytesPerSecond(),
        (double) (rows * columns * 7) / device.vectorFlopsPerSecond());
  }

  public double geluSeconds(long elements) {
    VectorUnit vector = device.vector();
    return Math.max(
        (double) (elements * vector.wordBytes() * 2) / device.rooflineBytesPerSecond(),
        (double) (elements * (10 + vector.flopsPerExp()))
            / vector.flopsPerCycle()
            / device.cores()
            / device.clockHz());
  }
}
