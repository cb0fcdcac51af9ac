package io.plumbline.simulator.sm;

/**
 * What a simulated kernel took.
 *
 * @param cycles core cycles, its launch included
 * @param launchCycles those of the launch
 * @param warpInstructions instructions that warps issued
 * @param l1Accesses sectors that were looked up in L1
 * @param l2Accesses sectors that were looked up in L2
 * @param dramReads column commands that read
 * @param dramWrites column commands that wrote
 * @param dramActivations rows that were opened
 */
public record SimulatedKernel(
    long cycles,
    long launchCycles,
    long warpInstructions,
    long l1Accesses,
    long l1Hits,
    long l2Accesses,
    long l2Hits,
    long dramReads,
    long dramWrites,
    long dramActivations) {

  /** Cycles without the launch. */
  public long netCycles() {
    return cycles - launchCycles;
  }
}
