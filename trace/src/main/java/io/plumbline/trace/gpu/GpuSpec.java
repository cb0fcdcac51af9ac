package io.plumbline.trace.gpu;

import java.io.Serializable;

/**
 * A GPU for cycle-level simulation. Cycles are those of the core clock.
 *
 * @param sms streaming multiprocessors
 * @param launchCycles cycles from a kernel's launch to its first thread block
 * @param launchCyclesPerCta further cycles for every thread block of the grid
 */
public record GpuSpec(
    int sms,
    int launchCycles,
    int launchCyclesPerCta,
    ClockSpec clocks,
    CoreSpec core,
    L1Spec l1,
    L2Spec l2,
    DramSpec dram,
    AddressMapping addresses)
    implements Serializable {}
