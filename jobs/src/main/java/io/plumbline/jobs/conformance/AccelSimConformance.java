package io.plumbline.jobs.conformance;

import io.plumbline.files.BadInputException;
import io.plumbline.files.accelsim.AccelSimLog;
import io.plumbline.jobs.report.TextTable;
import io.plumbline.jobs.report.TextTable.Align;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares the cycles of our trace-driven SM with those of Accel-Sim, kernel by kernel. It passes
 * if the errors' median and the largest are within the limits.
 */
public final class AccelSimConformance {
  /** The limit of the median of absolute errors. */
  static final double MEDIAN_LIMIT = 0.015;

  /** The limit of every absolute error. */
  static final double WORST_LIMIT = 0.08;

  private final PrintWriter out;
  private final List<Double> errors = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private final TextTable table =
      new TextTable(
          List.of(
              Align.LEFT,
              Align.LEFT,
              Align.RIGHT,
              Align.RIGHT,
              Align.RIGHT,
              Align.RIGHT,
              Align.RIGHT,
              Align.RIGHT),
          List.of(
              "configuration",
              "run",
              "kernel",
              "Accel-Sim",
              "ours",
              "error",
              "net error",
              "speed-up"));

  public AccelSimConformance(PrintWriter out) {
    this.out = out;
  }

  /**
   * Runs every case below a folder and prints what became of it.
   *
   * @return whether the errors are within the limits
   * @throws BadInputException if there is no case, or a file of one is broken
   */
  public boolean run(Path dir) {
    AccelSimCase.below(dir).forEach(this::run);
    out.print(table.text());
    skipped.forEach(line -> out.println("SKIPPED " + line));
    boolean passed = judge();
    out.flush();
    return passed;
  }

  private void run(AccelSimCase golden) {
    AccelSimLog theirs = AccelSimLog.read(golden.log());
    Path missing = golden.missingTrace(theirs);
    if (theirs.kernels().isEmpty()) {
      skipped.add("%s: %s".formatted(golden.name(), theirs.problem()));
    } else if (missing != null) {
      skipped.add("%s: no such file: %s".formatted(golden.name(), missing));
    } else {
      add(golden, golden.replay(theirs));
    }
  }

  private void add(AccelSimCase golden, List<AccelSimCase.Pair> pairs) {
    double ourSeconds = pairs.stream().mapToDouble(AccelSimCase.Pair::cpuSeconds).sum();
    Double theirSeconds = golden.theirCpuSeconds();
    for (int i = 0; i < pairs.size(); i++) {
      AccelSimCase.Pair pair = pairs.get(i);
      errors.add(Math.abs(pair.error()));
      table.add(
          List.of(
              golden.configuration(),
              golden.run(),
              String.valueOf(i + 1),
              String.valueOf(pair.theirs()),
              String.valueOf(pair.ours().cycles()),
              percent(pair.error()),
              percent(pair.netError()),
              theirSeconds == null || i > 0 ? "" : times(theirSeconds / ourSeconds)));
    }
  }

  private boolean judge() {
    if (errors.isEmpty()) {
      out.println("no kernel was compared");
      return false;
    }
    List<Double> sorted = errors.stream().sorted().toList();
    double median = median(sorted);
    double worst = sorted.get(sorted.size() - 1);
    double mean = sorted.stream().mapToDouble(error -> error).average().orElseThrow();
    boolean passed = median <= MEDIAN_LIMIT && worst <= WORST_LIMIT;
    out.printf(
        Locale.ROOT,
        "%n%s: %d kernels, absolute error: median %.2f %% (limit %.1f %%), mean %.2f %%, worst"
            + " %.2f %% (limit %.1f %%)%n",
        passed ? Verdict.PASS : Verdict.FAIL,
        sorted.size(),
        100 * median,
        100 * MEDIAN_LIMIT,
        100 * mean,
        100 * worst,
        100 * WORST_LIMIT);
    return passed;
  }

  private static double median(List<Double> sorted) {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%+.2f %%", 100 * share);
  }

  private static String times(double ratio) {
    return String.format(Locale.ROOT, "%.1fx", ratio);
  }
}
