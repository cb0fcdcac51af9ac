package io.plumbline.simulator.latency;

import io.plumbline.simulator.compass.CompassTuning;
import io.plumbline.simulator.compass.KernelBounds;

/**
 * Operators as engines of today run them: in CUDA graphs, with element-wise work fused into its
 * neighbours, so that it costs the memory traffic that is left and no launch.
 */
final class FusedOperators implements CompassOperators {
  private final KernelBounds bounds;
  private final CompassTuning tuning;

  FusedOperators(KernelBounds bounds, CompassTuning tuning) {
    this.bounds = bounds;
    this.tuning = tuning;
  }

  @Override
  public double product(long rowCount, long widthOut, long widthIn) {
    return batched(1, rowCount, widthOut, widthIn);
  }

  @Override
  public double batched(long batch, long m, long n, long k) {
    return tuning
        .product()
        .seconds(bounds.productCompute(batch, m, n, k), bounds.productMemory(batch, m, n, k));
  }

  @Override
  public double softmax(long rowCount, long columns) {
    return elementWise(2.0 * rowCount * columns);
  }

  /** Reads and writes its rows; the residual is added on the way. */
  @Override
  public double norm(long rowCount, long columns) {
    return elementWise(2.0 * rowCount * columns);
  }

  /** An epilogue of the product before it. */
  @Override
  public double gelu(long elements) {
    return 0;
  }

  /** Reads both halves and writes one. */
  @Override
  public double gatedSilu(long elements) {
    return elementWise(3.0 * elements);
  }

  @Override
  public double allReduce(long bytes, int devices) {
    return tuning.allReduce().seconds(bounds.allReduceTransfer(bytes, devices));
  }

  private double elementWise(double elements) {
    return tuning.product().memoryFactor() * bounds.memory(elements);
  }
}
