package io.plumbline.simulator.hardware;

import java.io.Serializable;

/**
 * Datasheet of one accelerator. Units are plain bytes, FLOP/s and seconds.
 *
 * @param name card name, e.g. {@code a100-80gb}
 * @param memoryBytes device memory
 * @param denseFlops peak dense matrix rate in the number format of the deployment
 * @param memoryBandwidthBytesPerSecond peak device-memory bandwidth
 * @param kernelLaunchSeconds time a kernel costs at least
 */
public record DeviceSku(
    String name,
    long memoryBytes,
    double denseFlops,
    double memoryBandwidthBytesPerSecond,
    double kernelLaunchSeconds)
    implements Serializable {

  public DeviceSku {
    Check.positive("memoryBytes", memoryBytes);
    Check.positive("denseFlops", denseFlops);
    Check.positive("memoryBandwidthBytesPerSecond", memoryBandwidthBytesPerSecond);
    Check.notNegative("kernelLaunchSeconds", kernelLaunchSeconds);
  }
}
