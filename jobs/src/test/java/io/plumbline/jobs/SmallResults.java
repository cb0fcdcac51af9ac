package io.plumbline.jobs;

import io.plumbline.jobs.error.Comparison;
import io.plumbline.jobs.error.PartialRequests;
import io.plumbline.jobs.error.Thresholds;
import io.plumbline.jobs.table.OperatorTiming;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.SourceRow;
import io.plumbline.jobs.table.SourceWriter;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.jobs.table.SweepPointRow;
import io.plumbline.jobs.table.Table;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.trace.run.Origin;
import java.nio.file.Path;
import java.util.List;

/**
 * A results folder with something in every kind of table, small enough to work answers out by hand:
 * a measurement and its repeat, a simulation of it and their comparison, a sweep of two points of
 * which one recorded operators and preempts, and a source with an operator and a published number.
 */
public final class SmallResults {
  private static final String SWEEP = "small";

  private SmallResults() {}

  /** Writes it. */
  public static void write(Path folder) {
    String dir = folder.toString();
    RunWriter runs = new RunWriter(dir);
    RunTags real = RunTags.labelled("real");
    runs.write(TestRuns.repeat("m1", 1), TestRuns.withPhases(TestRuns.REFERENCE), real);
    // First tokens after 12, 22, 32 ms: the median is 2 ms later than that of the first.
    runs.write(TestRuns.repeat("m2", 2), TestRuns.trace(10 * TestRuns.MILLI, 12, 22, 32), real);
    runs.write(
        TestRuns.simulated("s1"), TestRuns.withOperators(TestRuns.SIMULATED), tags("roofline", 1));
    runs.write(
        SimulatedRuns.manifest("r1", Compatibility.STANDARD),
        SimulatedRuns.secondRestarts(Compatibility.STANDARD, 1),
        tags("profiled", 1));
    new PartitionWriter(dir)
        .replace(
            Table.SWEEP_POINT,
            List.of(SWEEP),
            List.of(
                    new SweepPointRow(SWEEP, "s1", 0, "{\"device\":\"a\"}"),
                    new SweepPointRow(SWEEP, "r1", 1, "{\"device\":\"b\"}"))
                .iterator());
    new Comparison(SharedSpark.session(), dir, Thresholds.DEFAULT, PartialRequests.REFUSE)
        .compare("m1", List.of("s1"));
    writeSource(dir);
  }

  private static RunTags tags(String predictor, int replicas) {
    return new RunTags(null, "vllm", predictor, replicas, 1, 1, "operators");
  }

  private static void writeSource(String dir) {
    try (SourceWriter source = new SourceWriter(dir, "src1")) {
      for (long tokens : new long[] {16, 32}) {
        source.write(
            Table.OPERATOR_TIMING,
            new OperatorTiming("mlp_up_proj")
                .device("A100", 1)
                .dtype("float16", null)
                .tokens(tokens)
                .row("src1", 1000.0 * tokens));
      }
      SummaryPoint point =
          new SummaryPoint(Origin.MEASURED, "p1")
              .engine("vllm", "0.9")
              .model("llama")
              .device("A100");
      source.write(Table.RUN_SUMMARY, point.row("src1", SummaryMetric.TTFT, "p50", 3e6));
      source.publish(new SourceRow("src1", "test", "small", null, null, null, 1, 2, 0, 0, 0, 0));
    }
  }
}
