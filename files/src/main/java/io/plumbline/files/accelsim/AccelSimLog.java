package io.plumbline.files.accelsim;

import io.plumbline.files.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Accel-Sim printed: one block a kernel. Its exit status says nothing, so {@link #problem}
 * does. Counters that Accel-Sim adds up over kernels are given for each kernel alone.
 *
 * @param kernels those that ended, in their order
 * @param problem why the run is no whole one; null if it is
 */
public record AccelSimLog(List<Kernel> kernels, String problem) {
  private static final String CYCLES = "gpu_sim_cycle = ";
  private static final String END_OF_RUN = "GPGPU-Sim: *** exit detected ***";
  private static final String OUT_OF_CYCLES = "** break due to reaching the maximum cycles";
  private static final String TRACE = "Processing kernel ";
  private static final String NAME = "kernel_name = ";
  private static final String RATE = "gpgpu_simulation_rate = ";
  private static final Pattern COUNTER =
      Pattern.compile(
          "(gpgpu_n_tot_w_icount|L1D_total_cache_accesses|L1D_total_cache_misses"
              + "|L2_total_cache_accesses|L2_total_cache_misses|total dram reads"
              + "|total dram writes)\\s*=\\s*(\\d+)");
  private static final Pattern TOTAL_CYCLES = Pattern.compile("gpu_tot_sim_cycle = (\\d+)");

  /**
   * A kernel.
   *
   * @param trace the trace that it is from, as the log has it
   * @param name mangled symbol
   * @param cycles core cycles, the launch included
   * @param counters by Accel-Sim's names, those of this kernel
   */
  public record Kernel(String trace, String name, long cycles, Map<String, Long> counters) {
    /** A counter, or null if the log has none. */
    public Long counter(String counter) {
      return counters.get(counter);
    }
  }

  /**
   * Reads a log, which may be compressed.
   *
   * @throws BadInputException if the file is no log of Accel-Sim
   */
  public static AccelSimLog read(Path file) {
    Reading reading = new Reading();
    try (LineCursor lines = new LineCursor(file)) {
      while (lines.nextLine()) {
        reading.take(lines);
      }
      return reading.log(lines);
    }
  }

  private static final class Reading {
    private final List<Kernel> kernels = new ArrayList<>();
    private final Map<String, Long> before = new LinkedHashMap<>();
    private Map<String, Long> now = new LinkedHashMap<>();
    private String trace;
    private String name;
    private Long cycles;
    private long totalCycles;
    private String lastLine = "";
    private boolean begun;
    private boolean ended;
    private boolean stopped;

    private void take(LineCursor lines) {
      if (lines.isEmpty()) {
        return;
      }
      begun |= lines.startsWith("Accel-Sim [build") || lines.startsWith("GPGPU-Sim");
      ended |= lines.startsWith(END_OF_RUN);
      if (lines.startsWith(OUT_OF_CYCLES)) {
        stopped = true;
      } else if (lines.startsWith(TRACE)) {
        trace = lines.rest().substring(TRACE.length());
      } else if (lines.startsWith(NAME)) {
        name = lines.rest().substring(NAME.length()).strip();
      } else if (lines.startsWith(CYCLES)) {
        cycles = number(lines, lines.rest().substring(CYCLES.length()));
      } else if (lines.startsWith("gpgpu_n_tot")
          || lines.startsWith("L1D_total")
          || lines.startsWith("L2_total")
          || lines.startsWith("total dram")) {
        takeCounter(lines);
      } else if (lines.startsWith("gpu_tot_sim_cycle")) {
        takeTotal(lines);
      } else if (lines.startsWith(RATE) && lines.rest().endsWith("(cycle/sec)")) {
        endKernel(lines);
      }
      lastLine = lines.rest();
    }

    private void takeCounter(LineCursor lines) {
      Matcher counter = COUNTER.matcher(lines.rest());
      if (counter.matches()) {
        now.put(counter.group(1), number(lines, counter.group(2)));
      }
    }

    private void takeTotal(LineCursor lines) {
      Matcher total = TOTAL_CYCLES.matcher(lines.rest());
      if (total.matches() && cycles != null) {
        long sum = number(lines, total.group(1));
        if (sum != totalCycles + cycles) {
          throw lines.bad(
              "gpu_tot_sim_cycle (%d) is not the sum of the kernels' cycles (%d)"
                  .formatted(sum, totalCycles + cycles));
        }
        totalCycles = sum;
      }
    }

    private void endKernel(LineCursor lines) {
      if (name == null || cycles == null) {
        throw lines.bad("a kernel ends that has no name or no cycles. Maybe lines are missing.");
      }
      Map<String, Long> own = new LinkedHashMap<>();
      now.forEach((counter, value) -> own.put(counter, value - before.getOrDefault(counter, 0L)));
      kernels.add(new Kernel(trace, name, cycles, own));
      before.putAll(now);
      now = new LinkedHashMap<>();
      name = null;
      cycles = null;
    }

    private AccelSimLog log(LineCursor lines) {
      if (!begun) {
        throw lines.bad("this is no log of Accel-Sim: nothing in it names Accel-Sim or GPGPU-Sim");
      }
      return new AccelSimLog(List.copyOf(kernels), problem());
    }

    private String problem() {
      if (stopped) {
        return "it was stopped at its limit of cycles";
      }
      if (name != null || cycles != null) {
        return "it ends within the results of kernel %d".formatted(kernels.size() + 1);
      }
      if (!ended) {
        return "it ends after %d kernels without saying that it is done; its last line is: %s"
            .formatted(kernels.size(), lastLine);
      }
      return kernels.isEmpty() ? "it has no kernel" : null;
    }

    private static long number(LineCursor lines, String text) {
      try {
        return Long.parseLong(text.strip());
      } catch (NumberFormatException e) {
        throw lines.bad("(%s) must be a whole number".formatted(text));
      }
    }
  }
}
