package io.plumbline.simulator.hardware;

import java.io.Serializable;

/**
 * Datasheet of one accelerator. Units are plain bytes, FLOP/s and seconds.
 *
 * @param name card name, e.g. {@code a100-80gb}
 * @param memoryBytes device memory
 * @param denseFlops peak dense matrix rate in the number format of the deployment
 * @param memoryBandwidthBytesPerSecond peak device-memory bandwidth; null if unknown
 * @param kernelLaunchSeconds time a kernel costs at least; null if unknown
 */
public record DeviceSku(
    String name,
    long memoryBytes,
    double denseFlops,
    Double memoryBandwidthBytesPerSecond,
    Double kernelLaunchSeconds)
    implements Serializable {

  public DeviceSku {
    Check.positive("memoryBytes", memoryBytes);
    Check.positive("denseFlops", denseFlops);
    if (memoryBandwidthBytesPerSecond != null) {
      Check.positive("memoryBandwidthBytesPerSecond", memoryBandwidthBytesPerSecond);
    }
    if (kernelLaunchSeconds != null) {
      Check.notNegative("kernelLaunchSeconds", kernelLaunchSeconds);
    }
  }

  /** A device of which everything is known. */
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
}
