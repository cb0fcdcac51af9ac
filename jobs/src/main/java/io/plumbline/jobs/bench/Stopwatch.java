package io.plumbline.jobs.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** CPU time of this process, bytes of this thread and of the heap, as the JVM counts them. */
final class Stopwatch {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

  private final long cpuNanos = SYSTEM.getProcessCpuTime();
  private final long allocated = THREADS.getCurrentThreadAllocatedBytes();

  /** CPU time of all threads since the start: the compiler's and the collector's, too. */
  double cpuSeconds() {
    return (SYSTEM.getProcessCpuTime() - cpuNanos) * 1e-9;
  }

  /** What this thread allocated since the start. */
  long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes() - allocated;
  }

  /** What is reachable now. */
  static long liveBytes() {
    System.gc();
    return MEMORY.getHeapMemoryUsage().getUsed();
  }
}
