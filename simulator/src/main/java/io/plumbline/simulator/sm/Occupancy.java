package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.CoreSpec;
import io.plumbline.trace.gpu.GpuSpec;
import io.plumbline.trace.kernel.KernelHeader;

/** How many thread blocks of a kernel are on an SM at the same time. */
final class Occupancy {
  private static final int LANES = 32;
  private static final int REGISTER_GRANULE = 4;

  private Occupancy() {}

  /**
   * The limit by warps, thread blocks, registers and shared memory; a grid that does not fill the
   * GPU is spread over its SMs.
   *
   * @throws IllegalArgumentException if not even one fits
   */
  static int ctasPerSm(GpuSpec gpu, KernelHeader kernel) {
    CoreSpec core = gpu.core();
    int limit = Math.min(core.warps() / kernel.warpsPerCta(), core.ctas());
    if (kernel.sharedBytes() > 0) {
      limit = Math.min(limit, core.sharedBytes() / kernel.sharedBytes());
    }
    if (kernel.registers() > 0) {
      int perThread =
          (kernel.registers() + REGISTER_GRANULE - 1) / REGISTER_GRANULE * REGISTER_GRANULE;
      limit = Math.min(limit, core.registers() / (kernel.warpsPerCta() * LANES * perThread));
    }
    if (limit == 0) {
      throw new IllegalArgumentException(
          "kernel %s: a thread block of %d threads, %d registers a thread and %d bytes of shared"
                  .formatted(
                      kernel.name(), kernel.threads(), kernel.registers(), kernel.sharedBytes())
              + " memory does not fit on an SM");
    }
    if ((long) limit * gpu.sms() > kernel.ctas()) {
      limit = (kernel.ctas() + gpu.sms() - 1) / gpu.sms();
    }
    return limit;
  }
}
