package io.plumbline.simulator.hardware;

import io.plumbline.trace.model.MatrixFormat;
import java.io.Serializable;

/**
 * Datasheet of one accelerator. Units are plain bytes, FLOP/s and seconds.
 *
 * @param name card name, e.g. {@code a100-80gb}
 * @param memoryBytes device memory
 * @param denseFlops peak dense matrix rate in the dtype of the deployment
 * @param fp8Flops the same of FP8 times FP8; null if the device has no units for it, or unknown
 * @param int8Flops the same of INT8 times INT8
 * @param fp4Flops the same of FP4 times FP4
 * @param memoryBandwidthBytesPerSecond peak device-memory bandwidth; null if unknown
 * @param kernelLaunchSeconds time a kernel costs at least; null if unknown
 */
public record DeviceSku(
    String name,
    long memoryBytes,
    double denseFlops,
    Double fp8Flops,
    Double int8Flops,
    Double fp4Flops,
    Double memoryBandwidthBytesPerSecond,
    Double kernelLaunchSeconds)
    implements Serializable {

  public DeviceSku {
    Check.positive("memoryBytes", memoryBytes);
    Check.positive("denseFlops", denseFlops);
    positiveIfKnown("fp8Flops", fp8Flops);
    positiveIfKnown("int8Flops", int8Flops);
    positiveIfKnown("fp4Flops", fp4Flops);
    positiveIfKnown("memoryBandwidthBytesPerSecond", memoryBandwidthBytesPerSecond);
    if (kernelLaunchSeconds != null) {
      Check.notNegative("kernelLaunchSeconds", kernelLaunchSeconds);
    }
  }

  /** A device that multiplies in the dtype alone; null where bandwidth or launch is unknown. */
  public DeviceSku(
      String name,
      long memoryBytes,
      double denseFlops,
      Double memoryBandwidthBytesPerSecond,
      Double kernelLaunchSeconds) {
    this(
        name,
        memoryBytes,
        denseFlops,
        null,
        null,
        null,
        memoryBandwidthBytesPerSecond,
        kernelLaunchSeconds);
  }

  /** A device that multiplies in the dtype alone, and of which everything else is known. */
  public DeviceSku(
      String name,
      long memoryBytes,
      double denseFlops,
      double memoryBandwidthBytesPerSecond,
      double kernelLaunchSeconds) {
    this(
        name,
        memoryBytes,
        denseFlops,
        (Double) memoryBandwidthBytesPerSecond,
        (Double) kernelLaunchSeconds);
  }

  /** Peak dense rate of products in a format; null if the device has no units for it. */
  public Double flopsPerSecond(MatrixFormat format) {
    return switch (format) {
      case DTYPE -> denseFlops;
      case FP8 -> fp8Flops;
      case INT8 -> int8Flops;
      case FP4 -> fp4Flops;
    };
  }

  private static void positiveIfKnown(String what, Double value) {
    if (value != null) {
      Check.positive(what, value);
    }
  }
}
