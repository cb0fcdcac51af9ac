package io.plumbline.reference.djl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Names of this machine's devices, as Linux tells them. */
final class Hardware {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
  private static final Path NVIDIA_GPUS = Path.of("/proc/driver/nvidia/gpus");
  private static final Path NVIDIA_VERSION = Path.of("/proc/driver/nvidia/version");

  private Hardware() {}

  /** Model of the CPU; the architecture where the kernel does not say. */
  static String cpuName() {
    return field(CPU_INFO, "model name", System.getProperty("os.arch"));
  }

  /**
   * Model of the GPU; {@code gpu0} where the driver does not say, or has several to choose from.
   */
  static String gpuName() {
    String unknown = "gpu0";
    try (Stream<Path> gpus = Files.list(NVIDIA_GPUS)) {
      List<Path> found = gpus.toList();
      return found.size() == 1
          ? field(found.get(0).resolve("information"), "Model", unknown)
          : unknown;
    } catch (IOException e) {
      return unknown;
    }
  }

  /** Whether a driver for NVIDIA GPUs is loaded. */
  static boolean hasNvidiaDriver() {
    return Files.exists(NVIDIA_GPUS);
  }

  /** What the kernel says of the loaded NVIDIA driver. */
  static String gpuDriverVersion() {
    return field(NVIDIA_VERSION, "NVRM version", "unknown");
  }

  /** Memory that programs can still get; without bound where the kernel does not say. */
  static long availableMemoryBytes() {
    String kibibytes = field(MEMORY_INFO, "MemAvailable", "");
    return kibibytes.endsWith(" kB")
        ? Long.parseLong(kibibytes.substring(0, kibibytes.length() - 3)) * 1024
        : Long.MAX_VALUE;
  }

  /** The first value of a {@code key : value} file of the kernel. */
  static String field(Path file, String key, String unknown) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key) && line.contains(":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(unknown);
    } catch (IOException e) {
      return unknown;
    }
  }
}
