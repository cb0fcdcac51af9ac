package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.ClockSpec;

/**
 * Four clocks. A tick is the next edge of any of them; clocks whose edges fall together tick
 * together. The clocks run on from kernel to kernel.
 */
final class GpuClocks {
  private final double corePeriod;
  private final double networkPeriod;
  private final double l2Period;
  private final double dramPeriod;
  private double coreEdge;
  private double networkEdge;
  private double l2Edge;
  private double dramEdge;

  private boolean core;
  private boolean network;
  private boolean l2;
  private boolean dram;

  GpuClocks(ClockSpec spec) {
    corePeriod = 1 / (spec.coreMhz() * 1e6);
    networkPeriod = 1 / (spec.networkMhz() * 1e6);
    l2Period = 1 / (spec.l2Mhz() * 1e6);
    dramPeriod = 1 / (spec.dramMhz() * 1e6);
  }

  /** Goes on to the next edge. */
  void tick() {
    double now = Math.min(Math.min(coreEdge, networkEdge), dramEdge);
    l2 = l2Edge <= now;
    if (l2) {
      now = l2Edge;
      l2Edge += l2Period;
    }
    network = networkEdge <= now;
    if (network) {
      networkEdge += networkPeriod;
    }
    dram = dramEdge <= now;
    if (dram) {
      dramEdge += dramPeriod;
    }
    core = coreEdge <= now;
    if (core) {
      coreEdge += corePeriod;
    }
  }

  boolean core() {
    return core;
  }

  boolean network() {
    return network;
  }

  boolean l2() {
    return l2;
  }

  boolean dram() {
    return dram;
  }
}
