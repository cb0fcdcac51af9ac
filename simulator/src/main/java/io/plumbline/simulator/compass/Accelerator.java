package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * One device as the performance model sees it: cores with local buffers, a global buffer between
 * them and the memory.
 *
 * @param cores cores that compute
 * @param clockHz cycles per second
 * @param globalBufferBytes the buffer that all cores share ("L2")
 * @param globalBufferBytesPerCycle between that and all cores together
 * @param memoryBytesPerSecond of the main memory; infinite where the global buffer stands for it
 * @param memoryBytes of the main memory, which no latency depends on; infinite if unknown
 * @param array a systolic array
 * @param arraysPerCore systolic arrays of one core
 * @param localBufferBytes the buffer of one core ("L1")
 * @param vector the vector units of one core
 * @param overheads launch overheads, which are no part of an operator's own time
 */
public record Accelerator(
    int cores,
    double clockHz,
    long globalBufferBytes,
    double globalBufferBytesPerCycle,
    double memoryBytesPerSecond,
    double memoryBytes,
    SystolicArray array,
    int arraysPerCore,
    long localBufferBytes,
    VectorUnit vector,
    LaunchOverheads overheads)
    implements Serializable {

  public Accelerator {
    Check.positive("cores", cores);
    Check.positive("clockHz", clockHz);
    Check.positive("globalBufferBytes", globalBufferBytes);
    Check.positive("globalBufferBytesPerCycle", globalBufferBytesPerCycle);
    Check.positive("memoryBytesPerSecond", memoryBytesPerSecond);
    Check.positive("memoryBytes", memoryBytes);
    Check.positive("arraysPerCore", arraysPerCore);
    Check.positive("localBufferBytes", localBufferBytes);
    if (arraysPerCore > 8 || Integer.bitCount(arraysPerCore) != 1) {
      throw new IllegalArgumentException(
          "arraysPerCore (%d) must be 1, 2, 4 or 8".formatted(arraysPerCore));
    }
  }

  /** Bytes that the memory gives in one cycle. */
  double memoryBytesPerCycle() {
    return memoryBytesPerSecond / clockHz;
  }

  /** Peak rate of the systolic arrays. */
  public double arrayFlopsPerSecond() {
    return cores
        * arraysPerCore
        * array.macPerCycle()
        * 2
        * array.height()
        * array.width()
        * clockHz;
  }

  /** Peak rate of the vector units. */
  public double vectorFlopsPerSecond() {
    return (double) ((long) vector.flopsPerCycle() * cores) * clockHz;
  }

  /** The slower of memory and global buffer, which rooflines are made of. */
  public double rooflineBytesPerSecond() {
    return Math.min(memoryBytesPerSecond, globalBufferBytesPerCycle * clockHz);
  }

  /** The same with buffers and memory of any bandwidth, to see what these cost. */
  Accelerator withBandwidths(double globalBufferPerCycle, double memoryPerSecond) {
    return new Accelerator(
        cores,
        clockHz,
        globalBufferBytes,
        globalBufferPerCycle,
        memoryPerSecond,
        memoryBytes,
        array,
        arraysPerCore,
        localBufferBytes,
        vector,
        overheads);
  }
}
