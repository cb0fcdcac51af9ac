package io.plumbline.simulator.sm;

import io.plumbline.trace.kernel.WarpInstruction;

/** An issued instruction on its way through an SM. */
final class InFlight {
  final WarpInstruction instruction;
  final Warp warp;

  /** Order of issue in its SM. */
  final long sequence;

  /** Next of those whose result is written in the same cycle. */
  InFlight next;

  /** When its shared access is through with bank conflicts, or leaves the pipeline. */
  long readyCycle;

  /** The next sector that leaves the load/store unit. */
  int nextSector;

  /** Sectors of a load that have not come back. */
  int missingSectors;

  /** The group of a copy to shared memory. */
  int copyGroup;

  InFlight(WarpInstruction instruction, Warp warp, long sequence) {
    this.instruction = instruction;
    this.warp = warp;
    this.sequence = sequence;
    missingSectors = instruction.sectorCount();
  }

  boolean hasSectorsLeft() {
    return nextSector < instruction.sectorCount();
  }
}
