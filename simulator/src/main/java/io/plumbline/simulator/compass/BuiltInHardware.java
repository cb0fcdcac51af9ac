package io.plumbline.simulator.compass;

import io.plumbline.simulator.compass.DeviceLinks.Topology;
import io.plumbline.simulator.compass.Die.ArrayType;
import io.plumbline.simulator.compass.Die.Interface;
import io.plumbline.simulator.compass.Die.ProcessNode;
import io.plumbline.simulator.compass.Die.RegisterFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The devices that LLMCompass comes with, and two of its fork for ReaLLM, by their names there.
 *
 * @see <a href="https://github.com/PrincetonUniversity/LLMCompass">LLMCompass, commit 2e015fd</a>
 */
public final class BuiltInHardware {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final double GIB = 1L << 30;
  private static final double UNLIMITED = Double.POSITIVE_INFINITY;
  private static final long TPU_MEMORY_BYTES = 16L << 30;

  private static final SystolicArray ARRAY_16 = new SystolicArray(16, 16, 1, 2, 2);
  private static final SystolicArray ARRAY_16X32 = new SystolicArray(16, 32, 1, 2, 2);
  private static final SystolicArray ARRAY_128 = new SystolicArray(128, 128, 1, 2, 4);
  private static final VectorUnit VECTORS_OF_32 = new VectorUnit(512, 32, 4, 35, 2);
  private static final VectorUnit VECTORS_OF_16 = new VectorUnit(256, 16, 4, 35, 2);

  private static final DeviceLinks NVLINK_3 = fullyConnected(12, 25e9);
  private static final DeviceLinks INFINITY_FABRIC = fullyConnected(8, 25e9);
  private static final DeviceLinks NVLINK_4 = fullyConnected(18, 25e9);

  /** Eight cores on four chips, of two cores each. */
  private static final DeviceLinks TPU_LINKS =
      new DeviceLinks(4, Topology.RING, 2, 40.625e9, 81.25e9, 1.5e-4, 16, 256, 16, 162.5e9);

  private static final List<HardwareSystem> ALL = all();

  private BuiltInHardware() {}

  /** The names that {@link #of} knows. */
  public static List<String> names() {
    return ALL.stream().map(HardwareSystem::name).toList();
  }

  /**
   * The system of a name. Upper and lower case are the same, except that LLMCompass has an MI210 of
   * its artifact and a template {@code mi210}.
   *
   * @return null if there is none
   */
  public static HardwareSystem of(String name) {
    for (HardwareSystem system : ALL) {
      if (system.name().equals(name)) {
        return system;
      }
    }
    for (HardwareSystem system : ALL) {
      if (system.name().equalsIgnoreCase(name)) {
        return system;
      }
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "a100", "a100-80gb" -> of("A100_80GB_fp16");
      case "h100", "h100-sxm" -> of("GH100");
      default -> null;
    };
  }

  private static DeviceLinks fullyConnected(int links, double oneWayBytesPerSecond) {
    return new DeviceLinks(
        4,
        Topology.FC,
        links,
        oneWayBytesPerSecond,
        2 * oneWayBytesPerSecond,
        8.92e-6,
        16,
        256,
        16,
        UNLIMITED);
  }

  private static List<HardwareSystem> all() {
    List<HardwareSystem> all = new ArrayList<>();
    all.add(
        new HardwareSystem(
            "A100_80GB_fp16",
            gpu(108, 1.41e9, 40, 5120, 2.039e12, 80e9, ARRAY_16, 192, VECTORS_OF_32),
            NVLINK_3,
            null));
    all.add(
        new HardwareSystem(
            "MI210",
            new Accelerator(
                104,
                1.4e9,
                8 * MIB,
                4096,
                1.6e12,
                64e9,
                new SystolicArray(16, 16, 0.5, 2, 2),
                4,
                128 * KIB,
                new VectorUnit(128, 16, 4, 18, 4),
                LaunchOverheads.MI210),
            null,
            null));
    all.add(tpu("TPUv3", 1, 2, 16, new VectorUnit(1024, 128, 8, 15, 4)));
    all.add(tpu("TPUv3_new", 2, 1, 8, new VectorUnit(512, 128, 4, 15, 4)));
    addTemplates(all);
    return List.copyOf(all);
  }

  private static void addTemplates(List<HardwareSystem> all) {
    Die ga100 = ga100Die();
    all.add(
        new HardwareSystem(
            "GA100",
            gpu(128, 1.41e9, 48, 5120, 2.048e12, 80 * GIB, ARRAY_16, 192, VECTORS_OF_32),
            NVLINK_3,
            ga100));
    all.add(
        new HardwareSystem(
            "template",
            gpu(108, 1.41e9, 40, 5120, 2.048e12, 80 * GIB, ARRAY_16, 192, VECTORS_OF_32),
            NVLINK_3,
            ga100));
    all.add(
        new HardwareSystem(
            "latency_design",
            gpu(64, 1.41e9, 24, 2560, 2.048e12, 80 * GIB, ARRAY_16, 192, VECTORS_OF_32),
            NVLINK_3,
            dieLikeGa100(64, 24 * MIB, Interface.HBM2E, 6)));
    all.add(
        new HardwareSystem(
            "generation_system",
            gpu(
                128,
                1.41e9,
                24,
                2560,
                2.048e12,
                80 * GIB,
                new SystolicArray(8, 8, 1, 2, 2),
                48,
                new VectorUnit(128, 8, 4, 35, 2)),
            NVLINK_3,
            new Die(
                128,
                ProcessNode.N7,
                ProcessNode.N7,
                8,
                4,
                32,
                0,
                0,
                ArrayType.FP16,
                new RegisterFiles(1, 4096, 32, 4),
                Interface.HBM2E,
                6,
                24 * MIB,
                Interface.NVLINK3)));
    all.add(
        new HardwareSystem(
            "prefilling_system",
            gpu(
                64,
                1.41e9,
                48,
                5120,
                1.024e12,
                160 * GIB,
                new SystolicArray(32, 32, 1, 2, 2),
                768,
                VECTORS_OF_32),
            NVLINK_3,
            dieLikeGa100(64, 48 * MIB, Interface.PCIE5, 256)));
    all.add(
        new HardwareSystem(
            "ga102_template",
            gpu(108, 1.41e9, 40, 5120, 2.048e12, 80 * GIB, ARRAY_16, 128, VECTORS_OF_32),
            NVLINK_3,
            null));
    all.add(
        new HardwareSystem(
            "mi210",
            gpu(
                104,
                1.4e9,
                8,
                4096,
                1.6384e12,
                64 * GIB,
                ARRAY_16,
                128,
                new VectorUnit(128, 16, 4, 35, 2)),
            NVLINK_3,
            null));
    all.add(
        new HardwareSystem(
            "mi210_template",
            gpu(108, 1.41e9, 8, 5120, 3.2768e12, 80 * GIB, ARRAY_16, 80, VECTORS_OF_16),
            INFINITY_FABRIC,
            new Die(
                112,
                ProcessNode.N6,
                ProcessNode.N6,
                16,
                16,
                0,
                0,
                16,
                ArrayType.FP16,
                new RegisterFiles(64, 512, 32, 4),
                Interface.HBM2E,
                8,
                8 * MIB,
                Interface.INFINITY_FABRIC)));
    all.add(
        new HardwareSystem(
            "GH100",
            gpu(132, 1.837e9, 50, 5120, 3.6864e12, 80 * GIB, ARRAY_16X32, 256, VECTORS_OF_32),
            NVLINK_4,
            null));
    all.add(
        new HardwareSystem(
            "3D_DRAM",
            gpu(100, 1.837e9, 128, 5120, 9.8304e12, 160 * GIB, ARRAY_16X32, 512, VECTORS_OF_32),
            NVLINK_3,
            null));
  }

  private static Accelerator gpu(
      int cores,
      double clockHz,
      long globalBufferMib,
      double globalBufferBytesPerCycle,
      double memoryBytesPerSecond,
      double memoryBytes,
      SystolicArray array,
      long localBufferKib,
      VectorUnit vector) {
    return new Accelerator(
        cores,
        clockHz,
        globalBufferMib * MIB,
        globalBufferBytesPerCycle,
        memoryBytesPerSecond,
        memoryBytes,
        array,
        4,
        localBufferKib * KIB,
        vector,
        LaunchOverheads.A100);
  }

  /** Its memory stands as the global buffer, with nothing behind it that would take time. */
  private static HardwareSystem tpu(
      String name, int cores, int arrays, long localBufferMib, VectorUnit vector) {
    Accelerator device =
        new Accelerator(
            cores,
            0.94e9,
            TPU_MEMORY_BYTES,
            490,
            UNLIMITED,
            UNLIMITED,
            ARRAY_128,
            arrays,
            localBufferMib * MIB,
            vector,
            LaunchOverheads.TPU_V3);
    return new HardwareSystem(name, device, TPU_LINKS, null);
  }

  private static Die ga100Die() {
    return dieLikeGa100(128, 48 * MIB, Interface.HBM2E, 6);
  }

  private static Die dieLikeGa100(int cores, long bufferBytes, Interface memory, int channels) {
    return new Die(
        cores,
        ProcessNode.N7,
        ProcessNode.N7,
        32,
        16,
        0,
        16,
        8,
        ArrayType.FP16,
        new RegisterFiles(1, 16384, 32, 4),
        memory,
        channels,
        bufferBytes,
        Interface.NVLINK3);
  }
}
