package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;

/**
 * Kernels that do nothing but move memory, in milliseconds.
 *
 * @param launchMs what each costs at least
 * @param elementsPerMs activations that the memory moves
 */
record MemoryTraffic(double launchMs, double elementsPerMs) {

  /**
   * Of a device.
   *
   * @param efficiency share of the bandwidth that is reached
   */
  static MemoryTraffic of(Deployment deployment, double efficiency) {
    double bytesPerMs = deployment.device().memoryBandwidthBytesPerSecond() * efficiency * 1e-3;
    return new MemoryTraffic(
        deployment.device().kernelLaunchSeconds() * 1e3, bytesPerMs / deployment.dtype().bytes());
  }

  /** Time of some elements, read or written, without the launch. */
  double ms(double elements) {
    return elements / elementsPerMs;
  }
}
