package io.plumbline.simulator.reallm;

import io.plumbline.simulator.compass.Accelerator;
import io.plumbline.simulator.compass.MatmulShape;
import io.plumbline.simulator.compass.Roofline;

/** Latency by LLMCompass's rooflines, of which ReaLLM counts 1.3 times. */
public final class RooflineKernels implements KernelTimes {
  private static final double FACTOR = 1.3;
  private static final int WORD_BYTES = 2;

  private final Accelerator device;
  private final Roofline roofline;

  public RooflineKernels(Accelerator device) {
    this.device = device;
    this.roofline = new Roofline(device);
  }

  @Override
  public double matmul(long batch, long rows, long inner, long columns) {
    MatmulShape shape = new MatmulShape(rows, columns, inner, WORD_BYTES);
    return FACTOR * roofline.batchedMatmulSeconds(batch, shape);
  }

  @Override
  public double softmax(long rows, long columns) {
    return FACTOR * roofline.softmaxSeconds(rows, columns, WORD_BYTES);
  }

  @Override
  public double mul(long rows, long columns) {
    return elementwise(rows * columns, 3, 1);
  }

  @Override
  public double layerNorm(long rows, long columns) {
    return FACTOR * roofline.layerNormSeconds(rows, columns, WORD_BYTES);
  }

  @Override
  public double silu(long rows, long columns) {
    return elementwise(rows * columns, 2, 4 + device.vector().flopsPerExp());
  }

  private double elementwise(long elements, int transfers, int flops) {
    double memory = (double) (elements * WORD_BYTES * transfers) / device.rooflineBytesPerSecond();
    return FACTOR * Math.max(memory, elements * flops / device.vectorFlopsPerSecond());
  }
}
