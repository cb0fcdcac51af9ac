package io.plumbline.jobs.bench;

import io.plumbline.jobs.sweep.SweepPlan;
import io.plumbline.jobs.sweep.SweepPoint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** Prints the speed of each point as a row of a table in Markdown. */
public final class BenchReport {
  private final PrintWriter out;

  public BenchReport(PrintWriter out) {
    this.out = out;
  }

  /**
   * Times every point of a plan.
   *
   * @param tables folder of operator times in place of the predictors' own; null for those
   */
  public void run(SweepPlan plan, Path tables, int repeats) {
    SimulatorBench bench =
        new SimulatorBench(plan, tables == null ? null : FlatTimes.read(tables), repeats);
    out.printf("%s, records %s%n%n", plan.name(), plan.recording().name().toLowerCase(Locale.ROOT));
    out.println(
        "| point | requests | CPU s | requests/s | request-steps/s | iterations/s | kept"
            + " bytes/request | streamed bytes/request | allocated bytes/request |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    for (SweepPoint point : plan.points()) {
      row(point, bench.time(point));
    }
    out.println();
    out.flush();
  }

  private void row(SweepPoint point, Speed speed) {
    double seconds = speed.cpuSeconds();
    out.printf(
        Locale.ROOT,
        "| %s | %,d | %.3f (%.3f) | %,.0f | %,.0f | %,.0f | %,d | %,d | %,d |%n",
        point.axesJson().replace("\"", "").replace("|", "/"),
        speed.requests(),
        seconds,
        speed.fastestCpuSeconds(),
        speed.requests() / seconds,
        speed.requestSteps() / seconds,
        speed.iterations() / seconds,
        speed.retainedBytes() / speed.requests(),
        speed.streamedBytes() / speed.requests(),
        speed.allocatedBytes() / speed.requests());
    out.flush();
  }
}
