package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;

/**
 * Latency from a device card and a model card alone: every operator takes the longer of its
 * arithmetic and its memory traffic, plus a kernel launch.
 *
 * @param computeEfficiency share of the peak FLOP/s that large matrix products reach
 * @param memoryEfficiency share of the peak memory bandwidth that streaming kernels reach
 * @param networkEfficiency share of the link bandwidth that large all-reduces reach
 * @param bytesPerElement bytes of a weight, an activation and a KV element
 */
public record RooflineSpec(
    double computeEfficiency,
    double memoryEfficiency,
    double networkEfficiency,
    int bytesPerElement)
    implements PredictorSpec {

  public RooflineSpec {
    requireShare("computeEfficiency", computeEfficiency);
    requireShare("memoryEfficiency", memoryEfficiency);
    requireShare("networkEfficiency", networkEfficiency);
    if (bytesPerElement <= 0) {
      throw new IllegalArgumentException(
          "bytesPerElement (%d) must be positive".formatted(bytesPerElement));
    }
  }

  /**
   * Shares that public measurements on an A100-SXM4-80GB reach (LLMCompass artifact, ISCA'24): 8192
   * x 16384 x 16384 GEMM 293 of 312 TFLOP/s and 8192 x 8192 x 8192 278 (0.9); GELU of 5.4e8 fp16
   * elements 390 G elements/s, read and written, of 2.04 TB/s (0.77); all-reduce of 17 GB over 4
   * devices 110 ms, 1.5 times the bytes over a 300 GB/s link (0.78).
   */
  public static RooflineSpec defaults() {
    return new RooflineSpec(0.9, 0.77, 0.78, 2);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    return new RooflinePredictor(deployment, this);
  }

  private static void requireShare(String what, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "%s (%s) must be above 0 and at most 1".formatted(what, value));
    }
  }
}
