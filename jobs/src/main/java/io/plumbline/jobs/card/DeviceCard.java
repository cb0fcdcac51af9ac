package io.plumbline.jobs.card;

import io.plumbline.files.BadInputException;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.DeviceSku;
import java.util.List;
import java.util.Map;

/**
 * A file of {@code models/devices}; see the README there.
 *
 * @param aliases other names, among them the folder names of profiles
 * @param denseFp16Flops null if unknown
 * @param denseFp32Flops null if unknown
 * @param pricePerHourDollars null if unknown
 * @param sources where each number comes from
 */
public record DeviceCard(
    String name,
    List<String> aliases,
    long memoryBytes,
    Double denseFp16Flops,
    Double denseFp32Flops,
    double memoryBandwidthBytesPerSecond,
    double kernelLaunchSeconds,
    double tdpWatts,
    Double pricePerHourDollars,
    Map<String, String> sources) {

  /**
   * What a simulator needs of it.
   *
   * @throws BadInputException if the card has no rate for the number format
   */
  public DeviceSku sku(DataType dtype) {
    return switch (dtype) {
      case FLOAT16 -> sku("dense_fp16_flops", denseFp16Flops, "float32");
      case FLOAT32 -> sku("dense_fp32_flops", denseFp32Flops, "float16");
    };
  }

  private DeviceSku sku(String key, Double flops, String otherDtype) {
    if (flops == null) {
      throw new BadInputException(
          "device card %s has no %s. Maybe dtype: %s".formatted(name, key, otherDtype));
    }
    return new DeviceSku(
        name, memoryBytes, flops, memoryBandwidthBytesPerSecond, kernelLaunchSeconds);
  }
}
