package io.plumbline.files.accelsim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Accel-Sim prints line by line, also while it is still printing. Numbers that are not
 * finite, such as {@code gpu_occupancy = -nan%}, are in none of the lines that are read.
 */
public final class AccelSimLogParser {
  private static final String END_OF_RUN = "GPGPU-Sim: *** exit detected ***";
  private static final String TRACE = "Processing kernel ";
  private static final Pattern BUILD =
      Pattern.compile(
          "(Accel-Sim \\[build [^\\]]+\\]|\\*\\*\\* (GPGPU-Sim Simulator Version .*\\])).*");
  private static final Pattern CLOCKS =
      Pattern.compile("GPGPU-Sim uArch: clock freqs: ([0-9.]+):.*");
  private static final Pattern HEADER =
      Pattern.compile("-(kernel name|grid dim|block dim|shmem|nregs) = (.*)");
  private static final Pattern COUNTER =
      Pattern.compile(
          "(gpgpu_n_\\w+|gpu_stall_\\w+|L[12]D?_total_cache_\\w+|total dram \\w+"
              + "|(?:Total_core_cache|L2_cache)_stats_breakdown\\[\\w+\\]\\[\\w+\\]"
              + "|icnt_total_pkts_\\w+|gpu_sim_insn)\\s*=\\s*(\\d+)");
  private static final Pattern CHANNEL =
      Pattern.compile("n_cmd=(\\d+) .*\\bbw_util=([0-9.]+(?:e-?\\d+)?)");
  private static final Pattern ISSUE = Pattern.compile("(Stall|W\\w+):(\\d+)");
  private static final Pattern SPEED =
      Pattern.compile("gpgpu_simulation_rate = (\\d+) \\(cycle/sec\\)");
  private static final Pattern REFUSAL =
      Pattern.compile(
          "unsupported binary version.*|.*Unsupported trace.*|.*ERROR \\*\\* (?!deadlock).*"
              + "|.*\\*\\* ERROR.*|.*unknown option.*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CRASH =
      Pattern.compile(".*(Assertion `.*' failed|Segmentation fault|Aborted|core dumped).*");

  /** Counters that a kernel has for itself; all others are added up over the run. */
  private static final String OWN = "gpu_sim_insn";

  private final List<AccelSimLog.Kernel> kernels = new ArrayList<>();
  private final Map<String, Long> before = new LinkedHashMap<>();
  private final DramBusy dram = new DramBusy();
  private Map<String, Long> now = new LinkedHashMap<>();
  private String build;
  private Double coreHertz;
  private final List<Begun> begunKernels = new ArrayList<>();
  private String name;
  private Long cycles;
  private long totalCycles;
  private long totalInstructions;
  private boolean issueFollows;
  private boolean ended;
  private String lastLine = "";
  private KernelOutcome reason;

  /** Whether anything so far names the simulator. */
  public boolean begun() {
    return build != null;
  }

  /** Core cycles of the kernels that have ended. */
  public long simulatedCycles() {
    return totalCycles;
  }

  /** Instructions of warps of the kernels that have ended. */
  public long warpInstructions() {
    return totalInstructions;
  }

  /**
   * Takes the next line, without what is blank around it.
   *
   * @throws IllegalArgumentException if it contradicts the lines before
   */
  public void take(String line) {
    if (line.isEmpty()) {
      return;
    }
    lastLine = line;
    if (issueFollows) {
      issueFollows = false;
      takeIssue(line);
    } else if (build == null || line.startsWith("***")) {
      Matcher words = BUILD.matcher(line);
      if (words.matches()) {
        build =
            (build == null ? "" : build + ", ")
                + (words.group(2) == null ? words.group(1) : words.group(2));
      } else if (line.startsWith("GPGPU-Sim")) {
        build = "GPGPU-Sim";
      }
    }
    switch (line.charAt(0)) {
      case 'P' -> takeTrace(line);
      case '-' -> takeHeader(line);
      case 'k' -> takeName(line);
      case 'g' -> takeResult(line);
      case 'G' -> takeMessage(line);
      case 'n' -> takeChannel(line);
      case 'W' -> issueFollows = line.startsWith("Warp Occupancy Distribution:");
      default -> takeCounter(line);
    }
    takeReason(line);
  }

  private void takeTrace(String line) {
    if (line.startsWith(TRACE)) {
      begunKernels.add(new Begun(line.substring(TRACE.length()), new LinkedHashMap<>()));
    }
  }

  private void takeHeader(String line) {
    Matcher entry = begunKernels.isEmpty() ? null : HEADER.matcher(line);
    if (entry != null && entry.matches()) {
      last().header().put(entry.group(1), entry.group(2).strip());
    }
  }

  private void takeName(String line) {
    String key = "kernel_name = ";
    if (line.startsWith(key)) {
      name = line.substring(key.length()).strip();
    }
  }

  private void takeMessage(String line) {
    Matcher clocks = CLOCKS.matcher(line);
    if (clocks.matches()) {
      coreHertz = Double.valueOf(clocks.group(1));
    }
    ended |= line.startsWith(END_OF_RUN);
  }

  private void takeResult(String line) {
    if (line.startsWith("gpu_sim_cycle = ")) {
      cycles = number(line.substring("gpu_sim_cycle = ".length()));
    } else if (line.startsWith("gpu_tot_sim_cycle = ")) {
      takeTotal(number(line.substring("gpu_tot_sim_cycle = ".length())));
    } else if (line.startsWith("gpgpu_simulation_rate = ")) {
      Matcher speed = SPEED.matcher(line);
      if (speed.matches()) {
        endKernel(number(speed.group(1)));
      }
    } else {
      takeCounter(line);
    }
  }

  private void takeTotal(long sum) {
    if (cycles == null) {
      return;
    }
    if (sum != totalCycles + cycles) {
      throw new IllegalArgumentException(
          "gpu_tot_sim_cycle (%d) is not the sum of the kernels' cycles (%d)"
              .formatted(sum, totalCycles + cycles));
    }
    totalCycles = sum;
  }

  private void takeCounter(String line) {
    Matcher counter = COUNTER.matcher(line);
    if (name != null && counter.matches()) {
      now.put(counter.group(1), number(counter.group(2)));
    }
  }

  private void takeChannel(String line) {
    Matcher channel = CHANNEL.matcher(line);
    if (name != null && channel.find()) {
      dram.add(number(channel.group(1)), Double.parseDouble(channel.group(2)));
    }
  }

  private void takeIssue(String line) {
    Matcher issue = ISSUE.matcher(line);
    while (issue.find()) {
      now.put("issue:" + issue.group(1), number(issue.group(2)));
    }
  }

  private void takeReason(String line) {
    if (reason != null) {
      return;
    }
    if (line.startsWith("** break due to reaching the maximum")) {
      reason = KernelOutcome.STOPPED;
    } else if (line.contains("ERROR ** deadlock detected")) {
      reason = KernelOutcome.DEADLOCKED;
    } else if (CRASH.matcher(line).matches()) {
      reason = KernelOutcome.CRASHED;
    } else if (REFUSAL.matcher(line).matches()) {
      reason = KernelOutcome.REFUSED;
    }
  }

  private void endKernel(long cyclesPerSecond) {
    if (name == null || cycles == null) {
      throw new IllegalArgumentException(
          "a kernel ends that has no name or no cycles. Maybe lines are missing.");
    }
    Begun kernel = ended(name);
    Map<String, Long> own = new LinkedHashMap<>();
    now.forEach(
        (counter, value) ->
            own.put(
                counter,
                counter.equals(OWN) ? value : (Long) (value - before.getOrDefault(counter, 0L))));
    kernels.add(
        new AccelSimLog.Kernel(
            kernel == null ? null : kernel.trace(),
            name,
            kernel == null ? null : kernel.launch(),
            cycles,
            own,
            dram.ofKernel(),
            cyclesPerSecond == 0 ? null : (Double) (double) cyclesPerSecond));
    before.putAll(now);
    totalInstructions = now.getOrDefault("gpgpu_n_tot_w_icount", totalInstructions);
    now = new LinkedHashMap<>();
    name = null;
    cycles = null;
  }

  private Begun last() {
    return begunKernels.get(begunKernels.size() - 1);
  }

  /** Kernels of several streams may be read before the first of them ends. */
  private Begun ended(String kernel) {
    for (Begun begun : begunKernels) {
      if (kernel.equals(begun.name())) {
        begunKernels.remove(begun);
        return begun;
      }
    }
    return begunKernels.isEmpty() ? null : begunKernels.remove(0);
  }

  /** What the lines so far amount to, as if no more came. */
  public AccelSimLog log() {
    String problem = problem();
    AccelSimLog.Lost lost =
        problem == null
            ? null
            : new AccelSimLog.Lost(
                outcome(),
                begunKernels.isEmpty() ? null : last().trace(),
                name == null && !begunKernels.isEmpty() ? last().name() : name);
    return new AccelSimLog(build, coreHertz, kernels, problem, lost);
  }

  private KernelOutcome outcome() {
    if (reason != null) {
      return reason;
    }
    return name != null || cycles != null ? KernelOutcome.TORN : KernelOutcome.TRUNCATED;
  }

  private String problem() {
    if (reason == KernelOutcome.STOPPED) {
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

  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("(%s) must be a whole number".formatted(text), e);
    }
  }

  /** A kernel whose trace was opened, with what the trace's header says. */
  private record Begun(String trace, Map<String, String> header) {
    private String name() {
      return header.get("kernel name");
    }

    private String launch() {
      List<String> parts = new ArrayList<>();
      header.forEach(
          (key, value) -> {
            if (!key.equals("kernel name")) {
              parts.add(key + " " + value);
            }
          });
      return parts.isEmpty() ? null : String.join(", ", parts);
    }
  }

  /** How busy the channels of DRAM are; what they print is a mean since the start of the run. */
  private static final class DramBusy {
    private double busyBefore;
    private long commandsBefore;
    private double busy;
    private long commands;

    private void add(long channelCommands, double utilization) {
      commands += channelCommands;
      busy += channelCommands * utilization;
    }

    private Double ofKernel() {
      long ownCommands = commands - commandsBefore;
      double own = busy - busyBefore;
      commandsBefore = commands;
      busyBefore = busy;
      commands = 0;
      busy = 0;
      return ownCommands <= 0 ? null : (Double) Math.max(0, Math.min(1, own / ownCommands));
    }
  }
}
