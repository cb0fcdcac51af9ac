package io.plumbline.simulator.compass;

/**
 * What the cycles of a product are spent on. The mapping is timed again with a global buffer, then
 * also a memory, that takes no time; what that saves is what they cost.
 *
 * @param compute what the arrays need at their peak
 * @param localBuffers arrays that fill, drain, are too wide for a tile or wait for another core
 * @param globalBuffer transfers between it and the cores that nothing hides
 * @param memory transfers between it and the global buffer that nothing hides
 */
public record MatmulBreakdown(
    double compute, double localBuffers, double globalBuffer, double memory) {

  /** What takes the largest part. */
  public enum Bound {
    COMPUTE("compute"),
    LOCAL_BUFFERS("L1"),
    GLOBAL_BUFFER("L2"),
    MEMORY("memory");

    private final String word;

    Bound(String word) {
      this.word = word;
    }

    /** As people say it. */
    public String word() {
      return word;
    }
  }

  /** The breakdown of a mapping that was found in a mode. */
  public static MatmulBreakdown of(
      Accelerator device, MapperMode mode, MatmulShape shape, MatmulMapping mapping) {
    double unlimited = Double.POSITIVE_INFINITY;
    Accelerator fastMemory = device.withBandwidths(device.globalBufferBytesPerCycle(), unlimited);
    double all = cycles(device, mode, shape, mapping);
    double withoutMemory = cycles(fastMemory, mode, shape, mapping);
    double withoutBuffers =
        cycles(device.withBandwidths(unlimited, unlimited), mode, shape, mapping);
    SystolicArray array = device.array();
    double perCycle =
        (double) array.height()
            * array.width()
            * array.macPerCycle()
            * device.arraysPerCore()
            * device.cores();
    double compute = shape.flops() / 2 / perCycle;
    return new MatmulBreakdown(
        compute,
        Math.max(0, withoutBuffers - compute),
        withoutMemory - withoutBuffers,
        all - withoutMemory);
  }

  private static double cycles(
      Accelerator device, MapperMode mode, MatmulShape shape, MatmulMapping mapping) {
    MatmulMapper mapper = new MatmulMapper(device, mode, shape.wordBytes());
    if (!device.array().isSquare()) {
      // Counts on such an array depend on what the search meets.
      mapper.search(shape);
    }
    return mapper.cycles(shape, mapping);
  }

  /** The largest part. */
  public Bound bound() {
    double most = Math.max(Math.max(compute, localBuffers), Math.max(globalBuffer, memory));
    if (most == compute) {
      return Bound.COMPUTE;
    }
    if (most == memory) {
      return Bound.MEMORY;
    }
    return most == globalBuffer ? Bound.GLOBAL_BUFFER : Bound.LOCAL_BUFFERS;
  }

  /** Share of the arrays' peak that is reached. */
  public double utilisation() {
    return compute / (compute + localBuffers + globalBuffer + memory);
  }
}
