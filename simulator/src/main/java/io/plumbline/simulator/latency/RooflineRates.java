package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightGroup;

/** What one operator takes of a device: the longer of its arithmetic and its memory traffic. */
final class RooflineRates {
  private final Deployment deployment;
  private final int elementBytes;
  private final double computeEfficiency;
  private final double expertEfficiency;
  private final double bytesPerSecond;
  private final double bytesPerExpertWeight;

  RooflineRates(Deployment deployment, RooflineSpec spec) {
    this.deployment = deployment;
    this.elementBytes = deployment.dtype().bytes();
    this.computeEfficiency = spec.computeEfficiency();
    this.expertEfficiency = spec.expertEfficiency();
    this.bytesPerSecond =
        deployment.device().memoryBandwidthBytesPerSecond() * spec.memoryEfficiency();
    this.bytesPerExpertWeight =
        deployment.weightFormat(WeightGroup.EXPERTS) == WeightFormat.W4A16
            ? elementBytes
            : deployment.bytesPerWeight(WeightGroup.EXPERTS);
  }

  /**
   * Rows times a matrix: weights are read once, rows in and out as well. Rows go in as wide as they
   * are multiplied, since the norm or activation before writes them so, and come out in the dtype.
   */
  double product(double rows, double widthIn, double widthOut, WeightGroup group) {
    double weights = widthIn * widthOut;
    double bytes =
        weights * deployment.bytesPerWeight(group)
            + rows * (widthIn * deployment.bytesPerInput(group) + widthOut * elementBytes);
    double flopsPerSecond = deployment.flopsPerSecond(group) * computeEfficiency;
    return Math.max(2 * rows * weights / flopsPerSecond, bytes / bytesPerSecond);
  }

  /** The same with a matrix that is never quantised. */
  double plainProduct(double rows, double widthIn, double widthOut) {
    double weights = widthIn * widthOut;
    double flopsPerSecond = deployment.device().denseFlops() * computeEfficiency;
    return Math.max(
        2 * rows * weights / flopsPerSecond, traffic(weights + rows * (widthIn + widthOut)));
  }

  /**
   * Rows, each times the matrix of its expert. INT4 experts take as long as those in 16 bits: in
   * vLLM 0.19 on H100 they were measured no faster (aiconfigurator, commit 095f58a, {@code
   * moe_perf}), and slower than that for many tokens.
   *
   * @param experts matrices that are read
   */
  double groupedProduct(double rows, double experts, double widthIn, double widthOut) {
    double weights = widthIn * widthOut;
    WeightGroup group = WeightGroup.EXPERTS;
    double bytes =
        experts * weights * bytesPerExpertWeight
            + rows * (widthIn * deployment.bytesPerInput(group) + widthOut * elementBytes);
    double flopsPerSecond = deployment.flopsPerSecond(group) * expertEfficiency;
    return Math.max(2 * rows * weights / flopsPerSecond, bytes / bytesPerSecond);
  }

  /** Elements in the dtype, read or written. */
  double traffic(double elements) {
    return elements * elementBytes / bytesPerSecond;
  }

  /** Elements of the KV cache. */
  double cacheTraffic(double elements) {
    return elements * deployment.kvBytesPerElement() / bytesPerSecond;
  }
}
