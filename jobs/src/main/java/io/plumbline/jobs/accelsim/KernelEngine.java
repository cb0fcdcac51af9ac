package io.plumbline.jobs.accelsim;

/** What simulates a kernel. */
public enum KernelEngine {
  /** The original, as a process. */
  ACCEL_SIM("accel-sim"),
  /** Our own model of an SM, docs/trace-sm.md, in this process. */
  TRACE_SM("trace-sm");

  private final String tool;

  KernelEngine(String tool) {
    this.tool = tool;
  }

  /** As {@code kernel_timing} has it. */
  String tool() {
    return tool;
  }
}
