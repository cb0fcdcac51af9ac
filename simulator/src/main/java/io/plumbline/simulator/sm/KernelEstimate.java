package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.GpuSpec;
import io.plumbline.trace.program.KernelProgram;
import io.plumbline.trace.program.ProgramTrace;

/**
 * How long a kernel takes on an idle GPU whose caches are cold, without its launch. A kernel that is
 * too large to be simulated whole is simulated with fewer thread blocks and shorter loops, and made
 * longer by what one more wave of thread blocks, and one more turn, takes.
 *
 * <p>A wave is as many thread blocks as the GPU holds. Of N waves, the last perhaps not full, one
 * and two more than that rest are simulated; of T turns {@value #FEW_TURNS} and {@value
 * #MORE_TURNS}. What does not grow evenly is lost: a cache that begins to overflow later, blocks
 * that drift apart over many waves.
 *
 * @param cycles of the core clock
 * @param simulatedInstructions warp instructions that were simulated for it
 * @param whole whether nothing was extrapolated
 */
public record KernelEstimate(double cycles, long simulatedInstructions, boolean whole) {
  /** Waves that are simulated as they are; more are extrapolated. */
  public static final int MOST_WAVES = 4;

  /** Turns of the main loop that are simulated as they are; more are extrapolated. */
  public static final int MOST_TURNS = 24;

  private static final int FEW_TURNS = 8;
  private static final int MORE_TURNS = 16;

  /** Estimates a kernel. */
  public static KernelEstimate of(GpuSpec gpu, KernelProgram program) {
    int turns = program.iterations();
    if (turns <= MOST_TURNS) {
      return ofWaves(gpu, program);
    }
    KernelEstimate few = ofWaves(gpu, program.withIterations(FEW_TURNS));
    KernelEstimate more = ofWaves(gpu, program.withIterations(MORE_TURNS));
    return few.extended(more, (double) (turns - MORE_TURNS) / (MORE_TURNS - FEW_TURNS));
  }

  /** The whole kernel, however large. */
  public static KernelEstimate whole(GpuSpec gpu, KernelProgram program) {
    return simulated(gpu, program, program.header().ctas());
  }

  private static KernelEstimate ofWaves(GpuSpec gpu, KernelProgram program) {
    int ctas = program.header().ctas();
    int wave = Occupancy.ctasPerSm(gpu, program.header()) * gpu.sms();
    if (ctas <= MOST_WAVES * (long) wave) {
      return simulated(gpu, program, ctas);
    }
    int rest = ctas % wave;
    KernelEstimate one = simulated(gpu, program, rest + wave);
    KernelEstimate two = simulated(gpu, program, rest + 2 * wave);
    return one.extended(two, ctas / wave - 2);
  }

  private KernelEstimate extended(KernelEstimate longer, double further) {
    double each = Math.max(0, longer.cycles - cycles);
    long instructions = simulatedInstructions + longer.simulatedInstructions;
    return new KernelEstimate(longer.cycles + further * each, instructions, false);
  }

  private static KernelEstimate simulated(GpuSpec gpu, KernelProgram program, int ctas) {
    SimulatedKernel kernel = new KernelSimulator(gpu).run(new ProgramTrace(program, ctas));
    return new KernelEstimate(kernel.netCycles(), kernel.warpInstructions(), true);
  }

  /** Seconds on a GPU. */
  public double seconds(GpuSpec gpu) {
    return cycles / (gpu.clocks().coreMhz() * 1e6);
  }
}
