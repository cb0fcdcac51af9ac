package io.plumbline.simulator.sm;

import io.plumbline.trace.program.KernelProgram;
import io.plumbline.trace.program.ProgramTrace;

/**
 * How long a kernel takes on an idle GPU whose caches are cold, without its launch. A kernel that
 * is too large to be simulated whole is simulated with fewer thread blocks and shorter loops, and
 * made longer by what one more wave of thread blocks, and one more turn, takes.
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
  public static KernelEstimate of(SmGpu gpu, KernelProgram program) {
    int turns = program.iterations();
    if (turns <= MOST_TURNS) {
      return ofWaves(gpu, program).atLeast(gpu, program);
    }
    KernelEstimate few = ofWaves(gpu, program.withIterations(FEW_TURNS));
    KernelEstimate more = ofWaves(gpu, program.withIterations(MORE_TURNS));
    double further = (double) (turns - MORE_TURNS) / (MORE_TURNS - FEW_TURNS);
    return few.extended(more, further).atLeast(gpu, program);
  }

  /**
   * The first waves write into an L2 that has room. Over the whole kernel, what does not fit into
   * it keeps DRAM busy at least as long as its peak allows.
   */
  private KernelEstimate atLeast(SmGpu gpu, KernelProgram program) {
    if (whole) {
      return this;
    }
    double moved = Math.max(0, program.trafficBytes() - gpu.l2Bytes());
    double bound = moved / gpu.memoryBytesPerSecond() * gpu.hertz();
    return new KernelEstimate(Math.max(cycles, bound), simulatedInstructions, false);
  }

  /** The whole kernel, however large. */
  public static KernelEstimate whole(SmGpu gpu, KernelProgram program) {
    return simulated(gpu, program, program.header().ctas());
  }

  private static KernelEstimate ofWaves(SmGpu gpu, KernelProgram program) {
    int ctas = program.header().ctas();
    int wave = Occupancy.ctasPerSm(gpu.spec(), program.header()) * gpu.spec().sms();
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

  private static KernelEstimate simulated(SmGpu gpu, KernelProgram program, int ctas) {
    SimulatedKernel kernel = new KernelSimulator(gpu.spec()).run(new ProgramTrace(program, ctas));
    return new KernelEstimate(kernel.netCycles(), kernel.warpInstructions(), true);
  }

  /** Seconds on the GPU that it was made for. */
  public double seconds(SmGpu gpu) {
    return cycles / gpu.hertz();
  }
}
