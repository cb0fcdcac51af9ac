package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.WeightGroup;

/** Looks products up in the table of the format that their weights have. */
final class KernelShapes {
  private final Deployment deployment;
  private final MeasuredTree plain;
  private final MeasuredTree quantized;
  private final int maxRows;

  /**
   * The tables of a deployment.
   *
   * @param maxRows most tokens of a batch
   */
  KernelShapes(Deployment deployment, OperatorProfile profile, int maxRows) {
    this.deployment = deployment;
    this.plain = new MeasuredTree(profile.require(KernelOperator.GEMM), false, false, false);
    this.quantized =
        profile.samples().containsKey(KernelOperator.QUANTIZED_GEMM)
            ? new MeasuredTree(profile.require(KernelOperator.QUANTIZED_GEMM), false, false, false)
            : null;
    this.maxRows = maxRows;
  }

  /** A product with weights of a group. */
  KernelProduct product(String name, WeightGroup group, double widthOut, double widthIn) {
    boolean narrow = deployment.quantization() != null && deployment.quantization().covers(group);
    return new KernelProduct(name, narrow ? quantized : plain, widthOut, widthIn, maxRows);
  }

  /** A product with weights that are never quantised. */
  KernelProduct plainProduct(String name, double widthOut, double widthIn) {
    return new KernelProduct(name, plain, widthOut, widthIn, maxRows);
  }
}
