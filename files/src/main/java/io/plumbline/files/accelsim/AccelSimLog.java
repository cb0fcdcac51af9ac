package io.plumbline.files.accelsim;

import io.plumbline.files.BadInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What Accel-Sim printed: one block a kernel. Its exit status says nothing, so {@link #problem}
 * does. Counters that Accel-Sim adds up over kernels are given for each kernel alone.
 *
 * @param build the simulator's own words for itself; null if the log does not say
 * @param coreHertz clock of the cores, for times; null if the log does not say
 * @param kernels those that ended, in their order
 * @param problem why the run is no whole one; null if it is
 * @param lost the kernel that the problem happened to; null if there is no problem
 */
public record AccelSimLog(
    String build, Double coreHertz, List<Kernel> kernels, String problem, Lost lost) {

  public AccelSimLog {
    kernels = List.copyOf(kernels);
  }

  /**
   * A kernel.
   *
   * @param trace the trace that it is from, as the log has it
   * @param name mangled symbol
   * @param launch what the trace's header says: grid, block, shared memory, registers
   * @param cycles core cycles, the launch included
   * @param counters by Accel-Sim's names, those of this kernel
   * @param dramUtilization part of the peak, 0 to 1, from utilisations that are printed with four
   *     digits; null if the log has none
   * @param cyclesPerSecond simulated cycles of the run so far by its whole seconds; null if unknown
   */
  public record Kernel(
      String trace,
      String name,
      String launch,
      long cycles,
      Map<String, Long> counters,
      Double dramUtilization,
      Double cyclesPerSecond) {
    /** A counter, or null if the log has none. */
    public Long counter(String counter) {
      return counters.get(counter);
    }

    /** Part of the global and local reads of a cache that hit; null if there were none. */
    public Double readHitRate(String cache) {
      long reads = 0;
      long hits = 0;
      for (String type : List.of("GLOBAL_ACC_R", "LOCAL_ACC_R")) {
        String prefix = cache + "_stats_breakdown[" + type + "][";
        reads += counters.getOrDefault(prefix + "TOTAL_ACCESS]", 0L);
        hits += counters.getOrDefault(prefix + "HIT]", 0L);
      }
      return reads == 0 ? null : (Double) ((double) hits / reads);
    }
  }

  /**
   * The kernel at which a run broke off.
   *
   * @param trace the trace that was being read; null if none was
   * @param name its symbol; null if the log ends before it
   */
  public record Lost(KernelOutcome outcome, String trace, String name) {}

  /**
   * Reads a log, which may be compressed.
   *
   * @throws BadInputException if the file is no log of Accel-Sim
   */
  public static AccelSimLog read(Path file) {
    AccelSimLogParser parser = new AccelSimLogParser();
    try (LineCursor lines = new LineCursor(file)) {
      while (lines.nextLine()) {
        try {
          parser.take(lines.rest());
        } catch (IllegalArgumentException e) {
          throw lines.bad(e.getMessage());
        }
      }
      if (!parser.begun()) {
        throw lines.bad("this is no log of Accel-Sim: nothing in it names Accel-Sim or GPGPU-Sim");
      }
      return parser.log();
    }
  }
}
