package io.plumbline.jobs;

import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.SIMULATED;
import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.report.Report;
import io.plumbline.jobs.sweep.SweepPlanner;
import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.jobs.table.PackWriter;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.SweepPointRow;
import io.plumbline.jobs.table.Table;
import io.plumbline.trace.run.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that broke has a row in {@code run}, which nobody must take for a run with results. */
class FailedRunTest {
  @TempDir Path results;

  @BeforeEach
  void writeRuns() {
    RunWriter folders = new RunWriter(results.toString());
    folders.write(TestRuns.measured("real-1"), REFERENCE, label("real"));
    try (PackWriter pack = new PackWriter(results.toString(), "one")) {
      pack.add(TestRuns.simulated("r-good"), SIMULATED, label("sim"));
      pack.addFailed(TestRuns.simulated("r-bad"), 3, label("sim"), "it was tired", 1);
      pack.addFailed(TestRuns.simulated("x-bad"), 3, label("alone"), "no memory", 3);
      pack.publish();
    }
    new PartitionWriter(results.toString())
        .replace(
            Table.SWEEP_POINT,
            List.of("s"),
            List.of(
                    new SweepPointRow("s", "r-good", 0, "{\"device\":\"a100\"}"),
                    new SweepPointRow("s", "r-bad", 1, "{\"device\":\"a40\"}"))
                .iterator());
  }

  private static RunTags label(String label) {
    return new RunTags(label, "sarathi", "roofline", 1, 1, 1, "tokens");
  }

  @Test
  void aLabelAndTheFirstLettersMeanTheRunThatDidNotBreak() {
    for (String name : List.of("sim", "r-", "r-good")) {
      JobRun run = compare(name);
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).contains("r-good").doesNotContain("r-bad");
    }
  }

  @Test
  void aRunThatBrokeIsNotComparedAndItsMessageIsSaid() {
    for (String name : List.of("alone", "x-bad", "x-")) {
      JobRun run = compare(name);
      assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
      assertThat(run.err().strip())
          .isEqualTo("run x-bad broke: no memory. Maybe sweep with --retry-failed.");
    }
    assertThat(compare("r-bad").err()).contains("run r-bad broke: it was tired.");
    assertThat(compare("nobody").err()).contains("r-good").doesNotContain("bad");
  }

  @Test
  void theReportShowsOnlyPointsThatWereFinished() throws IOException {
    Path out = results.resolve("report");
    assertThat(Report.write(SharedSpark.session(), results.toString(), List.of(), List.of(), out))
        .endsWith("report.html: 2 sweep points");
    assertThat(Files.readString(out.resolve("report.md"))).contains("a100").doesNotContain("a40");
  }

  /** Whoever names one run wants it made, however often it broke in sweeps. */
  @Test
  void simulateMakesARunThatSweepsLeaveAlone() {
    Path file = results.resolve("one.yaml");
    lines(
        file,
        "name: one",
        "simulate:",
        "  workload: {kind: synthetic, requests: 4, seed: 1, arrivals: {kind: poisson,"
            + " requests_per_second: 9}, lengths: {kind: fixed, prompt_tokens: 8, output_tokens:"
            + " 3}}",
        "  model: plumbline/tiny",
        "  device: a100",
        "  scheduler: sarathi",
        "  predictor: roofline");
    SweepPoint point = SweepPlanner.plan(file, Home.models(), Home.paths(file)).points().get(0);
    try (PackWriter pack = new PackWriter(results.toString(), "two")) {
      pack.addFailed(
          TestRuns.manifest(point.runId(), Origin.SIMULATED, point.workloadId()),
          4,
          point.tags(),
          "it was tired",
          3);
      pack.publish();
    }
    assertThat(sweep(file)).contains(" 0 to run, 1 broke too often.");

    JobRun run = JobRun.of(new SimulateJob(), file.toString(), "--results=" + results);

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(sweep(file)).contains(" 1 done already, 0 to run.");
    assertThat(JobRun.of(new SqlJob(), completed(point), "--csv", "--results=" + results).out())
        .isEqualTo("outcome,completed\ncompleted,4\n");
  }

  private String sweep(Path file) {
    return JobRun.of(new SweepJob(), file.toString(), "--dry-run", "--results=" + results).out();
  }

  private static String completed(SweepPoint point) {
    return "SELECT outcome, completed FROM run WHERE run_id = '%s'".formatted(point.runId());
  }

  private JobRun compare(String simulated) {
    return JobRun.of(
        new CompareJob(), "--reference=real", "--simulated=" + simulated, "--results=" + results);
  }
}
