package io.plumbline.simulator.sm;

/** A thread block on an SM. */
final class ResidentCta {
  final int firstSlot;
  final int warps;

  /** Warps that have not issued their last instruction. */
  int running;

  /** Warps that have not left their slot. */
  int resident;

  int atBarrier;

  ResidentCta(int firstSlot, int warps) {
    this.firstSlot = firstSlot;
    this.warps = warps;
  }
}
