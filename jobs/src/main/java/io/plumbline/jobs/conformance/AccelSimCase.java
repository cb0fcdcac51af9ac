package io.plumbline.jobs.conformance;

import io.plumbline.files.BadInputException;
import io.plumbline.files.accelsim.AccelSimLog;
import io.plumbline.files.accelsim.GpuConfiguration;
import io.plumbline.files.accelsim.KernelTraceFile;
import io.plumbline.simulator.sm.KernelSimulator;
import io.plumbline.simulator.sm.SimulatedKernel;
import io.plumbline.trace.gpu.GpuSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A run of Accel-Sim: {@code logs/CONFIGURATION/RUN.log} of a folder, the traces that the log names
 * below {@code traces}, and the configuration below {@code configs}.
 */
record AccelSimCase(Path root, String configuration, String run, Path log) {
  private static final Pattern LOG = Pattern.compile("(.+)\\.log(\\.xz|\\.gz)?");
  private static final Pattern CPU_SECONDS =
      Pattern.compile("\\s*(User|System) time \\(seconds\\): ([0-9.]+)");
  private static final String TRACES = "traces";

  /**
   * One kernel of both sides.
   *
   * @param cpuSeconds what our simulation took, reading the trace included
   */
  record Pair(String name, long theirs, SimulatedKernel ours, double cpuSeconds) {
    /** Ours over theirs, less 1, of the cycles as they are reported, the launch included. */
    double error() {
      return (double) ours.cycles() / theirs - 1;
    }

    /** The same without the launch, which both take from the configuration. */
    double netError() {
      return (double) ours.netCycles() / (theirs - ours.launchCycles()) - 1;
    }
  }

  /** Every log below a folder, by configuration and name. */
  static List<AccelSimCase> below(Path root) {
    List<AccelSimCase> cases = new ArrayList<>();
    Path logs = root.resolve("logs");
    try (Stream<Path> files = Files.isDirectory(logs) ? Files.walk(logs, 2) : Stream.empty()) {
      files
          .sorted()
          .forEach(
              file -> {
                Matcher name = LOG.matcher(file.getFileName().toString());
                if (name.matches() && Files.isRegularFile(file)) {
                  String configuration = file.getParent().getFileName().toString();
                  cases.add(new AccelSimCase(root, configuration, name.group(1), file));
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (cases.isEmpty()) {
      throw new BadInputException(
          "%s: no logs/CONFIGURATION/RUN.log in it, with .xz or .gz or without".formatted(root));
    }
    return cases;
  }

  String name() {
    return configuration + "/" + run;
  }

  /** Simulates the kernels of a log one after the other on one GPU. */
  List<Pair> replay(AccelSimLog theirs) {
    GpuSpec gpu = GpuConfiguration.read(root.resolve("configs").resolve(configuration));
    KernelSimulator simulator = new KernelSimulator(gpu);
    List<Pair> pairs = new ArrayList<>();
    for (AccelSimLog.Kernel kernel : theirs.kernels()) {
      long before = cpuNanos();
      try (KernelTraceFile trace = new KernelTraceFile(trace(kernel))) {
        SimulatedKernel ours = simulator.run(trace);
        double seconds = (cpuNanos() - before) / 1e9;
        pairs.add(new Pair(kernel.name(), kernel.cycles(), ours, seconds));
      }
    }
    return pairs;
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** The first trace of a log that isn't here, or null. */
  Path missingTrace(AccelSimLog theirs) {
    return theirs.kernels().stream()
        .map(this::trace)
        .filter(trace -> !Files.exists(trace))
        .findFirst()
        .orElse(null);
  }

  /** A log names traces by the paths that they had; what counts is the path below traces. */
  private Path trace(AccelSimLog.Kernel kernel) {
    Path named = Path.of(kernel.trace() == null ? "" : kernel.trace());
    for (int i = named.getNameCount() - 1; i > 0; i--) {
      if (named.getName(i - 1).toString().equals(TRACES)) {
        return root.resolve(TRACES).resolve(named.subpath(i, named.getNameCount()));
      }
    }
    return root.resolve(TRACES).resolve(named.getFileName());
  }

  /** CPU seconds that Accel-Sim took, from GNU time's output beside the log; null if unknown. */
  Double theirCpuSeconds() {
    Path time = log.resolveSibling(run + ".time");
    if (!Files.exists(time)) {
      return null;
    }
    double seconds = 0;
    try {
      for (String line : Files.readAllLines(time)) {
        Matcher part = CPU_SECONDS.matcher(line);
        if (part.matches()) {
          seconds += Double.parseDouble(part.group(2));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seconds == 0 ? null : (Double) seconds;
  }
}
