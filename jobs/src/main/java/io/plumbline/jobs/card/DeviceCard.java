package io.plumbline.jobs.card;

import io.plumbline.simulator.hardware.DeviceSku;
import java.util.List;
import java.util.Map;

/**
 * A file of {@code models/devices}; see the README there.
 *
 * @param aliases other names, among them the folder names of profiles
 * @param denseFp8Flops null if the device has no FP8 units
 * @param pricePerHourDollars null if unknown
 * @param sources where each number comes from
 */
public record DeviceCard(
    String name,
    List<String> aliases,
    long memoryBytes,
    double denseFp16Flops,
    Double denseFp8Flops,
    double memoryBandwidthBytesPerSecond,
    double kernelLaunchSeconds,
    double tdpWatts,
    Double pricePerHourDollars,
    Map<String, String> sources) {

  /** What a simulator needs of it, weights in 16 bits. */
  public DeviceSku sku() {
    return new DeviceSku(
        name, memoryBytes, denseFp16Flops, memoryBandwidthBytesPerSecond, kernelLaunchSeconds);
  }
}
