package io.plumbline.jobs.conformance;

import io.plumbline.simulator.compass.Accelerator;
import io.plumbline.simulator.compass.BuiltInHardware;
import io.plumbline.simulator.compass.DeviceLinks;
import io.plumbline.simulator.compass.Die;
import io.plumbline.simulator.compass.Die.Interface;
import io.plumbline.simulator.compass.Die.ProcessNode;
import io.plumbline.simulator.compass.Die.RegisterFiles;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.SystolicArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The dies of which areas are recorded: the built-in ones, the designs of figure 7 of the paper,
 * and the GA100 with one thing changed, which its name says ({@code GA100_SRAM64KB}).
 */
final class CompassDies {
  private static final Pattern VARIANT =
      Pattern.compile(
          "GA100_(?:SRAM(?<sram>[0-9.]+)KB|L2_(?<buffer>[0-9.]+)MB|(?<node>[0-9]nm)|(?<unit>[A-Za-z]+[0-9]?e?)x(?<count>[0-9]+))");

  private CompassDies() {}

  /** The die of a name; null if it has none. */
  static HardwareSystem of(String name) {
    HardwareSystem builtIn = BuiltInHardware.of(name);
    if (builtIn != null) {
      return builtIn;
    }
    HardwareSystem base = BuiltInHardware.of("GA100");
    Matcher variant = VARIANT.matcher(name);
    if (variant.matches()) {
      return variant(name, base, variant);
    }
    return switch (name) {
      case "fig7_A" -> scaled(name, base, 128, 8, 8, 1, 4096, 192);
      case "fig7_B", "fig7_C" -> scaled(name, base, 128, 32, 16, 1, 16384, 192);
      case "fig7_D" -> scaled(name, base, 32, 128, 32, 4, 16384, 768);
      case "fig7_E" -> scaled(name, base, 8, 512, 64, 16, 16384, 3072);
      default -> null;
    };
  }

  private static HardwareSystem variant(String name, HardwareSystem base, Matcher variant) {
    Die die = base.die();
    Accelerator device = base.device();
    if (variant.group("sram") != null) {
      long bytes = (long) (Double.parseDouble(variant.group("sram")) * 1024);
      return new HardwareSystem(name, withBuffer(device, device.array(), bytes), base.links(), die);
    }
    if (variant.group("buffer") != null) {
      double bytes = Double.parseDouble(variant.group("buffer")) * (1 << 20);
      return new HardwareSystem(
          name,
          device,
          base.links(),
          with(die, die.memory(), die.memoryChannels(), bytes, die.links(), die.computeProcess()));
    }
    if (variant.group("node") != null) {
      ProcessNode node = ProcessNode.of(variant.group("node"));
      return new HardwareSystem(
          name,
          device,
          base.links(),
          with(
              die, die.memory(), die.memoryChannels(), die.globalBufferBytes(), die.links(), node));
    }
    Interface unit = Interface.of(variant.group("unit"));
    int count = Integer.parseInt(variant.group("count"));
    boolean link = variant.group("unit").matches("NVLink.*|InfinityFabric");
    DeviceLinks links = base.links();
    return new HardwareSystem(
        name,
        device,
        link
            ? new DeviceLinks(
                links.devices(),
                links.topology(),
                count,
                links.oneWayBytesPerSecond(),
                links.bothWaysBytesPerSecond(),
                links.latencySeconds(),
                links.flitBytes(),
                links.payloadBytes(),
                links.headerBytes(),
                links.internalBytesPerSecond())
            : links,
        with(
            die,
            link ? die.memory() : unit,
            link ? die.memoryChannels() : count,
            die.globalBufferBytes(),
            link ? unit : die.links(),
            die.computeProcess()));
  }

  private static Die with(
      Die die, Interface memory, int channels, double buffer, Interface links, ProcessNode node) {
    return new Die(
        die.physicalCores(),
        node,
        node,
        die.vectorWidth(),
        die.int32Units(),
        die.fp16Units(),
        die.fp32Units(),
        die.fp64Units(),
        die.arrayType(),
        die.registers(),
        memory,
        channels,
        buffer,
        links);
  }

  /** Fewer and larger cores, or smaller ones; units grow with the width of the vectors. */
  private static HardwareSystem scaled(
      String name,
      HardwareSystem base,
      int cores,
      int vectorWidth,
      int array,
      int registerFiles,
      int registers,
      long bufferKib) {
    Die die = base.die();
    Die scaled =
        new Die(
            cores,
            die.computeProcess(),
            die.ioProcess(),
            vectorWidth,
            vectorWidth / 2,
            0,
            vectorWidth / 2,
            vectorWidth / 4,
            die.arrayType(),
            new RegisterFiles(registerFiles, registers, 32, 4),
            die.memory(),
            die.memoryChannels(),
            die.globalBufferBytes(),
            die.links());
    SystolicArray square = new SystolicArray(array, array, 1, 2, 2);
    return new HardwareSystem(
        name, withBuffer(base.device(), square, bufferKib * 1024), base.links(), scaled);
  }

  private static Accelerator withBuffer(Accelerator of, SystolicArray array, long localBytes) {
    return new Accelerator(
        of.cores(),
        of.clockHz(),
        of.globalBufferBytes(),
        of.globalBufferBytesPerCycle(),
        of.memoryBytesPerSecond(),
        of.memoryBytes(),
        array,
        of.arraysPerCore(),
        localBytes,
        of.vector(),
        of.overheads());
  }
}
