package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.Json;
import io.plumbline.files.accelsim.AccelSimLog;
import io.plumbline.files.accelsim.AccelSimLog.Kernel;
import io.plumbline.files.accelsim.KernelOutcome;
import io.plumbline.jobs.table.KernelTiming;
import io.plumbline.trace.run.Origin;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rows of what a log of Accel-Sim says. Cycles contain the launch; instructions of {@code LDGSTS}
 * count twice, as Accel-Sim counts them; hit rates are those of global and local reads, a hit on a
 * line that is on its way being no hit. Shares of stalls are of all schedulers' cycles.
 *
 * @param configuration of the simulated device; null if unknown
 * @param program what to call the run where the traces do not say it
 */
public record AccelSimKernels(String configuration, String program) {
  /** What simulated, as the table has it. */
  public static final String TOOL = "accel-sim";

  private static final Pattern RUN_FOLDER = Pattern.compile("(?:.*/)?([^/]+/[^/]+)/traces/[^/]+");
  private static final Pattern FOLDER = Pattern.compile("(?:.*/)?([^/]+)/[^/]+");
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * Every kernel of a log, and a row of the one that it broke off at.
   *
   * @param outcome what the run of the process knows better than the log; null for nothing
   * @param message what it says about that; null for what the log says
   */
  public void read(
      AccelSimLog log, KernelOutcome outcome, String message, Consumer<KernelTiming> kernels) {
    int position = 0;
    for (Kernel kernel : log.kernels()) {
      position++;
      kernels.accept(completed(log, kernel).position(position));
    }
    if (log.problem() != null || outcome != null) {
      kernels.accept(lost(log, outcome, message).position(position + 1));
    }
  }

  private KernelTiming completed(AccelSimLog log, Kernel kernel) {
    Double slots = issueSlots(kernel);
    return simulated(kernel.name(), kernel.trace())
        .launch(kernel.launch(), null)
        .cycles((double) kernel.cycles())
        .timeNs(
            log.coreHertz() == null
                ? null
                : (Double) (kernel.cycles() * NANOS_PER_SECOND / log.coreHertz()))
        .warpInstructions(asDouble(kernel.counter("gpgpu_n_tot_w_icount")))
        .readHitRates(kernel.readHitRate("Total_core_cache"), kernel.readHitRate("L2_cache"))
        .dramUtilization(kernel.dramUtilization())
        .stalls(
            share(kernel, "Stall", slots),
            share(kernel, "W0_Scoreboard", slots),
            share(kernel, "W0_Idle", slots))
        .simulatedCyclesPerSecond(kernel.cyclesPerSecond())
        .counters(counters(log, kernel));
  }

  private KernelTiming lost(AccelSimLog log, KernelOutcome outcome, String message) {
    AccelSimLog.Lost lost = log.lost();
    String name = lost == null || lost.name() == null ? "unknown" : lost.name();
    KernelOutcome what =
        outcome != null ? outcome : lost == null ? KernelOutcome.CRASHED : lost.outcome();
    return simulated(name, lost == null ? null : lost.trace())
        .lost(what.word(), message == null ? log.problem() : message);
  }

  private KernelTiming simulated(String kernel, String trace) {
    return new KernelTiming(Origin.SIMULATED, kernel)
        .tool(TOOL, null)
        .configuration(configuration)
        .program(null, program(trace));
  }

  /**
   * Program and arguments, which are the folders above {@code traces}, or the folder of the trace:
   * its own name says only which kernel.
   */
  private String program(String trace) {
    for (Pattern pattern : List.of(RUN_FOLDER, FOLDER)) {
      Matcher path = pattern.matcher(trace == null ? "" : trace);
      if (path.matches() && !path.group(1).matches("\\.|traces")) {
        return path.group(1);
      }
    }
    return program;
  }

  /** A line of the distribution counts every scheduler in every cycle in which its SM was busy. */
  private static Double issueSlots(Kernel kernel) {
    long slots = 0;
    for (var counter : kernel.counters().entrySet()) {
      slots += counter.getKey().startsWith("issue:") ? counter.getValue() : 0;
    }
    return slots == 0 ? null : (Double) (double) slots;
  }

  private static Double share(Kernel kernel, String state, Double slots) {
    Long count = kernel.counter("issue:" + state);
    return slots == null || count == null ? null : (Double) (count / slots);
  }

  private static String counters(AccelSimLog log, Kernel kernel) {
    ObjectNode counters = JsonNodeFactory.instance.objectNode();
    counters.put("build", log.build());
    counters.put("trace", kernel.trace());
    kernel
        .counters()
        .forEach(
            (name, value) -> {
              if (value != 0) {
                counters.put(name, value);
              }
            });
    return Json.write(counters);
  }

  private static Double asDouble(Long value) {
    return value == null ? null : (Double) (double) value;
  }
}
