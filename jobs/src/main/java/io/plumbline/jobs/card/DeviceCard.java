package io.plumbline.jobs.card;

import io.plumbline.files.BadInputException;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.DeviceSku;
import java.util.List;
import java.util.Map;

/**
 * A file of {@code models/devices}, see the README there, or a mapping of the same form in a
 * configuration.
 *
 * @param aliases other names, among them the folder names of profiles
 * @param denseFp16Flops null if unknown
 * @param denseFp32Flops null if unknown
 * @param denseFp8Flops FP8 times FP8; null if the device has no units for it, or unknown
 * @param denseInt8Flops INT8 times INT8, likewise
 * @param denseFp4Flops FP4 times FP4, likewise
 * @param memoryBandwidthBytesPerSecond null if unknown, as with all that follow
 * @param sources where each number comes from; empty in a configuration
 */
public record DeviceCard(
    String name,
    List<String> aliases,
    long memoryBytes,
    Double denseFp16Flops,
    Double denseFp32Flops,
    Double denseFp8Flops,
    Double denseInt8Flops,
    Double denseFp4Flops,
    Double memoryBandwidthBytesPerSecond,
    Double kernelLaunchSeconds,
    Double tdpWatts,
    Double pricePerHourDollars,
    Map<String, String> sources) {

  /** A card in a configuration has a name and numbers only. */
  public static Map<String, Object> defaultValues() {
    return Map.of("aliases", List.of(), "sources", Map.of());
  }

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
    double denseFlops = flops;
    return new DeviceSku(
        name,
        memoryBytes,
        denseFlops,
        denseFp8Flops,
        denseInt8Flops,
        denseFp4Flops,
        memoryBandwidthBytesPerSecond,
        kernelLaunchSeconds);
  }
}
