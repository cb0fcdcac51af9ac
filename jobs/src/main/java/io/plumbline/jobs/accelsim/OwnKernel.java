package io.plumbline.jobs.accelsim;

import io.plumbline.files.accelsim.GpuConfiguration;
import io.plumbline.files.accelsim.KernelTraceFile;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.simulator.sm.KernelSimulator;
import io.plumbline.simulator.sm.SimulatedKernel;
import io.plumbline.trace.run.Origin;
import java.nio.file.Path;

/** A kernel in our own model of an SM, in the same columns as Accel-Sim's. */
final class OwnKernel {
  private static final double NANOS_PER_SECOND = 1e9;

  private OwnKernel() {}

  static KernelTiming run(KernelRun run, ScratchFolder scratch, KernelMeter meter) {
    long start = System.nanoTime();
    KernelSimulator simulator = new KernelSimulator(GpuConfiguration.read(scratch.path()));
    try (KernelTraceFile trace = new KernelTraceFile(Path.of(run.trace()))) {
      SimulatedKernel kernel = simulator.run(trace);
      double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
      meter.new OfRun(run.weight(), trace.header().ctas())
          .ended(kernel.cycles(), kernel.warpInstructions());
      return new KernelTiming(Origin.SIMULATED, trace.header().name())
          .tool(KernelEngine.TRACE_SM.tool(), null)
          .program(null, run.application())
          .configuration(run.variant())
          .position(run.position())
          .cycles((double) kernel.cycles())
          .warpInstructions((double) kernel.warpInstructions())
          .simulatedCyclesPerSecond(kernel.cycles() / seconds);
    }
  }
}
