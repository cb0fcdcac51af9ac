package io.plumbline.simulator.compass;

import io.plumbline.simulator.compass.Die.ArrayType;
import io.plumbline.simulator.compass.Die.ProcessNode;

/**
 * LLMCompass's area model: square millimetres of a device by its parts.
 *
 * @param control of one core, likewise the next ones
 * @param cores all cores
 * @param crossbar between the cores
 */
public record DieArea(
    double control,
    double arithmetic,
    double arrays,
    double registers,
    double localBuffer,
    double core,
    double cores,
    double crossbar,
    double globalBuffer,
    double memoryPhy,
    double memoryControl,
    double linkPhy,
    double linkControl) {
  private static final double FPU64 = 685_300;
  private static final double FPU32 = FPU64 * ((23.0 / 52) * (23.0 / 52));
  private static final double FPU16 = FPU64 * ((10.0 / 52) * (10.0 / 52));
  private static final double INT32 = 177_690;
  private static final double CONTROL_PER_LANE = 996_200;
  private static final double CROSSBAR_PER_CORE = 44_300_000;
  private static final int LARGEST_UNIT_BYTES = 1 << 19;
  private static final int SMALLEST_UNIT_BYTES = 1 << 12;

  /** Share of a memory's area that is bit cells, by the logarithm of its bytes from 4 KiB. */
  private static final double[] CELL_SHARE = {.076, .142, .247, .393, .559, .704, .526, .602, .561};

  /** The area of a device. */
  public static DieArea of(Accelerator device, DeviceLinks links, Die die) {
    ProcessNode node = die.computeProcess();
    int lanes = device.arraysPerCore();
    double control = die.vectorWidth() * node.area(CONTROL_PER_LANE);
    double arithmetic =
        node.area(
            die.int32Units() * INT32
                + die.fp16Units() * FPU16
                + die.fp32Units() * FPU32
                + die.fp64Units() * FPU64);
    double arrays =
        device.array().height() * device.array().width() * node.area(transistors(die.arrayType()));
    double registers = registerArea(die, node);
    double localBuffer = memoryArea(device.localBufferBytes(), node);
    double core = lanes * (control + arithmetic + arrays + registers) + localBuffer;
    ProcessNode io = die.ioProcess();
    return new DieArea(
        lanes * control,
        lanes * arithmetic,
        lanes * arrays,
        lanes * registers,
        localBuffer,
        core,
        die.physicalCores() * core,
        die.physicalCores() * node.area(CROSSBAR_PER_CORE),
        memoryArea(die.globalBufferBytes(), io),
        die.memoryChannels() * die.memory().phySquareMillimetres,
        io.area(die.memoryChannels() * die.memory().controllerTransistors),
        links.linksPerDevice() * die.links().phySquareMillimetres,
        io.area(links.linksPerDevice() * die.links().controllerTransistors));
  }

  private static double transistors(ArrayType type) {
    return switch (type) {
      case FP16 -> FPU16;
      case FP32 -> FPU32;
      case FP64 -> FPU64;
    };
  }

  /** Memories are made of units of at most 512 KiB. */
  private static double memoryArea(double bytes, ProcessNode node) {
    double units = bytes > LARGEST_UNIT_BYTES ? Math.ceil(bytes / LARGEST_UNIT_BYTES) : 1;
    double unit =
        Math.max(bytes > LARGEST_UNIT_BYTES ? LARGEST_UNIT_BYTES : bytes, SMALLEST_UNIT_BYTES);
    int size = (int) Math.ceil(Math.log(unit) / Math.log(2)) - 12;
    // In this order, as the last bit depends on it.
    return units * (unit * 8 * node.squareMillimetresPerBit / CELL_SHARE[size]);
  }

  /** The fit of EMPIRE for 90 nm, scaled by density. */
  private static double registerArea(Die die, ProcessNode node) {
    double d = die.registers().registers();
    double w = die.registers().bits();
    double p = die.registers().ports();
    double fit =
        3.29e4
            - 1.09e3 * d
            - 8.83e2 * w
            - 5.55e3 * p
            + 53.5 * d * w
            + 0.015 * d * d
            + 0.0108 * w * w
            + 0.586 * p * p
            + 142 * d * p
            + 368 * w * p;
    return die.registers().files()
        * (fit / 1e6 * (1.6 / node.millionTransistorsPerSquareMillimetre));
  }

  /** Cores and crossbar. */
  public double computeChiplet() {
    return cores + crossbar;
  }

  /** Global buffer and interfaces. */
  public double ioDie() {
    return globalBuffer + memoryPhy + memoryControl + linkPhy + linkControl;
  }

  public double total() {
    return computeChiplet() + ioDie();
  }
}
