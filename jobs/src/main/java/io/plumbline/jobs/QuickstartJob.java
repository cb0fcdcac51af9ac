package io.plumbline.jobs;

import io.plumbline.jobs.error.Comparison;
import io.plumbline.jobs.error.PartialRequests;
import io.plumbline.jobs.error.Thresholds;
import io.plumbline.jobs.error.TimeParts;
import io.plumbline.jobs.measure.Measurement;
import io.plumbline.jobs.measure.Profiling;
import io.plumbline.jobs.report.GapTable;
import io.plumbline.jobs.report.Report;
import io.plumbline.jobs.report.SummaryTable;
import io.plumbline.jobs.sweep.SweepPlan;
import io.plumbline.jobs.sweep.SweepPlanner;
import io.plumbline.jobs.sweep.SweepRunner;
import io.plumbline.jobs.table.ErrorSummaryRow;
import io.plumbline.jobs.table.SparkSessions;
import io.plumbline.jobs.table.Tables;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole house once, on small input. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs everything once, in a few minutes, without a GPU and without input of your own:",
      "  1. sweeps the simulator over 24 points (conf/quickstart/sweep.yaml);",
      "  2. times the operators of a tiny model on this machine (conf/quickstart/profile.yaml);",
      "  3. simulates a workload from these times (conf/quickstart/twin.yaml);",
      "  4. serves the same workload for real (conf/quickstart/measure.yaml);",
      "  5. compares both request by request, says what the gap is made of, and writes a report.",
      "What is done already is not done again.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the report is there", "2:a file in conf/quickstart is wrong"})
public final class QuickstartJob implements Callable<Integer> {
  @Option(names = "--force", description = "Do everything again.")
  private boolean force;

  /** How far the simulation may be off in {@link #NEAR_METRICS} on a machine without other work. */
  private static final double NEAR_PERCENT = 15;

  private static final Set<String> NEAR_METRICS = Set.of("ttft", "tpot");

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new QuickstartJob(), args);
  }

  @Override
  public Integer call() {
    Path conf = Home.dir().resolve("conf").resolve("quickstart");
    results.writableDir();
    SparkSession spark = SparkSessions.open("plumbline quickstart");
    SweepPlan swept = sweep(spark, "1/5 Sweep", conf.resolve("sweep.yaml"));
    profile(conf.resolve("profile.yaml"));
    SweepPlan twin = sweep(spark, "3/5 Simulation from it", conf.resolve("twin.yaml"));
    String measured = measure(spark, conf.resolve("measure.yaml"));
    compare(spark, measured, twin.points().get(0).runId(), swept.name());
    return JobCommand.DONE;
  }

  private SweepPlan sweep(SparkSession spark, String step, Path file) {
    SweepPlan plan = SweepPlanner.plan(file, Home.models(), Home.paths(file, results.dir()));
    SweepRunner.Todo todo = SweepRunner.todo(plan, results.dir(), force);
    say(
        "%s: %d points, %d done already, %d to run.",
        step, plan.points().size(), plan.points().size() - todo.size(), todo.size());
    List<SweepRunner.Failure> failures =
        SweepRunner.run(spark, plan, todo, results.dir(), results.trainedDir());
    if (!failures.isEmpty()) {
      throw new IllegalStateException("runs of the quickstart broke: " + failures);
    }
    return plan;
  }

  private void profile(Path file) {
    Profiling profiling = Profiling.read(file, Home.dir(), Home.paths(file));
    Path folder = results.profilesDir().resolve(profiling.name());
    say("2/5 Profile of this machine …");
    Profiling.Outcome outcome = profiling.run(folder, force);
    say(
        "2/5 Profile of this machine: %s, %d sizes of batches.",
        outcome == Profiling.Outcome.MEASURED ? "measured" : "done already",
        profiling.meta(folder).points());
  }

  private String measure(SparkSession spark, Path file) {
    Measurement measurement = Measurement.read(file, Home.dir(), Home.paths(file));
    // The label names the question, so that changing the file measures anew.
    String label =
        "%s-%s".formatted(measurement.name(), measurement.questionHash().substring(0, 6));
    Tables.register(spark, results.dir());
    if (!force && hasAll(spark, label, measurement.repeats())) {
      say("4/5 Measurement on this machine: done already.");
      return newestFirst(spark, label);
    }
    say(
        "4/5 Measurement on this machine: %d requests in continuous batches, %d times …",
        measurement.workload().size(), measurement.repeats());
    measurement.run(results.runsDir(), results.dir(), label, (run, repeat) -> {});
    Tables.register(spark, results.dir());
    return newestFirst(spark, label);
  }

  /** Whether the last repeat is there: the ones before it were written first. */
  private static boolean hasAll(SparkSession spark, String label, int repeats) {
    Column last = functions.coalesce(functions.col("repeat"), functions.lit(1)).equalTo(repeats);
    return spark.table("run").filter(functions.col("label").equalTo(label).and(last)).count() > 0;
  }

  /** The first repeat of the newest measurement: the one that is compared. */
  private static String newestFirst(SparkSession spark, String label) {
    Column first = functions.coalesce(functions.col("repeat"), functions.lit(1)).equalTo(1);
    return spark
        .table("run")
        .filter(functions.col("label").equalTo(label).and(first))
        .orderBy(functions.col("started_at").desc())
        .head()
        .getAs("run_id");
  }

  private void compare(SparkSession spark, String measured, String simulated, String sweep) {
    Comparison comparison =
        new Comparison(spark, results.dir(), Thresholds.DEFAULT, PartialRequests.REFUSE);
    Path report = Path.of(results.dir(), "report");
    List<ErrorSummaryRow> summary = comparison.existing(measured, simulated);
    boolean done = !force && !summary.isEmpty() && Files.exists(report.resolve("report.html"));
    say(
        "5/5 Comparison: %s measured, %s simulated%s.%n",
        measured, simulated, done ? ": done already" : "");
    if (!done) {
      summary = comparison.compare(measured, List.of(simulated)).summary();
    }
    say("%s", SummaryTable.text(summary));
    sayGap(spark, summary);
    if (!done) {
      Report.write(
          spark, results.dir(), List.of(summary.get(0).comparisonId()), List.of(sweep), report);
    }
    say("The report, one page that works offline: %s", report.resolve("report.html"));
    say("Ask the tables: plumbline sql \"SELECT * FROM error_summary\"");
  }

  /** The parts of the gap where it is more than a profile of an idle machine should leave. */
  private void sayGap(SparkSession spark, List<ErrorSummaryRow> summary) {
    boolean near =
        summary.stream()
            .filter(row -> NEAR_METRICS.contains(row.metric()) && row.statistic().equals("p50"))
            .allMatch(
                row -> row.percentError() != null && Math.abs(row.percentError()) <= NEAR_PERCENT);
    if (near) {
      say("P50 of TTFT and TPOT are within %.0f %%.", NEAR_PERCENT);
      return;
    }
    say(
        "P50 of TTFT or TPOT is off by more than %.0f %%. What the gap is made of, over the whole run:%n",
        NEAR_PERCENT);
    ErrorSummaryRow any = summary.get(0);
    Tables.register(spark, results.dir());
    say("%s", GapTable.text(TimeParts.of(spark, any.referenceRunId(), any.simulatedRunId())));
    say("Maybe the machine was busy: --force does everything again.");
  }

  private void say(String format, Object... arguments) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(format.formatted(arguments));
    out.flush();
  }
}
