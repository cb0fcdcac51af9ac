package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.AddressMapping;
import io.plumbline.trace.gpu.CacheSpec;
import io.plumbline.trace.gpu.CoreSpec;
import io.plumbline.trace.gpu.DramSpec;
import io.plumbline.trace.gpu.GpuSpec;
import io.plumbline.trace.kernel.ExecutionUnit;
import io.plumbline.trace.program.Dialect;
import java.io.Serializable;

/** A GPU for which kernels are written: its parts, and how it is programmed. */
public record SmGpu(String name, GpuSpec spec, Dialect dialect) implements Serializable {
  private static final int LINE_BYTES = 128;

  /** Operations a second that tensor cores do at most. */
  public double tensorFlops() {
    CoreSpec core = spec.core();
    int initiation = Math.max(1, core.units().get(ExecutionUnit.TENSOR).initiationCycles());
    double eachCycle = (double) dialect.flopsOfTensorInstruction() / initiation;
    return eachCycle * core.schedulers() * spec.sms() * hertz();
  }

  /** Bytes a second that DRAM moves at most. */
  public double memoryBytesPerSecond() {
    DramSpec dram = spec.dram();
    double eachCycle = (double) dram.atomBytes() / Math.max(1, dram.timing().ccd());
    return eachCycle * spec.addresses().channels() * spec.clocks().dramMhz() * 1e6;
  }

  long l2Bytes() {
    CacheSpec slice = spec.l2().cache();
    AddressMapping addresses = spec.addresses();
    return (long) addresses.slices() * slice.sets() * slice.ways() * LINE_BYTES;
  }

  double hertz() {
    return spec.clocks().coreMhz() * 1e6;
  }
}
