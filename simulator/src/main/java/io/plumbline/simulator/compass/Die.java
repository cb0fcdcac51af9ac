package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * What only the area of a device depends on; the rest of it is in {@link Accelerator}.
 *
 * @param physicalCores cores on the die, defective ones included
 * @param computeProcess process of the compute chiplet
 * @param ioProcess process of the part with buffers and interfaces
 * @param vectorWidth lanes of one sub-lane
 * @param int32Units units of one sub-lane, likewise the others
 * @param arrayType number format of the systolic arrays
 * @param registers the register files of one sub-lane
 * @param memory interfaces to the memory
 * @param memoryChannels how many of them
 * @param globalBufferBytes the global buffer on the die
 * @param links interfaces to other devices
 */
public record Die(
    int physicalCores,
    ProcessNode computeProcess,
    ProcessNode ioProcess,
    int vectorWidth,
    int int32Units,
    int fp16Units,
    int fp32Units,
    int fp64Units,
    ArrayType arrayType,
    RegisterFiles registers,
    Interface memory,
    int memoryChannels,
    double globalBufferBytes,
    Interface links)
    implements Serializable {

  /** Number formats of arithmetic units. */
  public enum ArrayType {
    FP16,
    FP32,
    FP64
  }

  /** Register files of one sub-lane. */
  public record RegisterFiles(int files, int registers, int bits, int ports)
      implements Serializable {}

  /** Interfaces to memory or other devices; an unknown one has no sensible area. */
  public enum Interface {
    PCIE5("PCIe5", 0.64, 5_372_100),
    PCIE4("PCIe4", 0.48, 3_962_500),
    DDR5("DDR5", 1.45, 90_446_400),
    HBM2E("HBM2e", 10.45, 552_743_000),
    NVLINK3("NVLink3", 1.888, 74_632_000),
    NVLINK4("NVLink4", 0.965, 86_628_000),
    INFINITY_FABRIC("InfinityFabric", 5.69, 348_148_000),
    /** What LLMCompass makes of a name that it does not know. */
    UNKNOWN("unknown", -1, -1);

    private final String word;
    final double phySquareMillimetres;
    final double controllerTransistors;

    Interface(String word, double phySquareMillimetres, double controllerTransistors) {
      this.word = word;
      this.phySquareMillimetres = phySquareMillimetres;
      this.controllerTransistors = controllerTransistors;
    }

    /** As LLMCompass's templates call it. */
    public String word() {
      return word;
    }

    /** The interface of a name in a template. */
    public static Interface of(String word) {
      for (Interface one : values()) {
        if (one.word.equals(word)) {
          return one;
        }
      }
      return UNKNOWN;
    }
  }

  /** A process, with its density. */
  public enum ProcessNode {
    N7("7nm", 96.3, 1.70e-7),
    N6("6nm", 114.2, 1.40e-7),
    N5("5nm", 138.2, 1.25e-7),
    N4("4nm", 98.28, 1.25e-7);

    private final String word;
    final double millionTransistorsPerSquareMillimetre;
    final double squareMillimetresPerBit;

    ProcessNode(String word, double density, double bitCell) {
      this.word = word;
      this.millionTransistorsPerSquareMillimetre = density;
      this.squareMillimetresPerBit = bitCell;
    }

    /** The first whose digit a text contains; null if none does. */
    public static ProcessNode of(String text) {
      for (ProcessNode node : values()) {
        if (text.indexOf(node.word.charAt(0)) >= 0) {
          return node;
        }
      }
      return null;
    }

    /** Square millimetres of so many transistors. */
    double area(double transistors) {
      return transistors / 1e6 / millionTransistorsPerSquareMillimetre;
    }
  }
}
