package io.plumbline.jobs;

import io.plumbline.jobs.error.Comparison;
import io.plumbline.jobs.error.PartialRequests;
import io.plumbline.jobs.error.Thresholds;
import io.plumbline.jobs.original.OriginalSweep;
import io.plumbline.jobs.original.SystemsPlan;
import io.plumbline.jobs.sweep.SweepPlan;
import io.plumbline.jobs.sweep.SweepRunner;
import io.plumbline.jobs.table.SparkSessions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Simulates every point of a sweep file. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Simulates every point of a sweep file on Spark and writes the runs into the tables.",
      "The file is checked as a whole before anything runs. A run that is done already is not"
          + " run again, so an interrupted sweep goes on where it stopped. Where the file names"
          + " systems, the originals of others run the same points (docs/simulators), and all are"
          + " compared with the first.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all runs are in the tables",
      "1:some runs broke, or did so three times before and are left alone, or a system that the file"
          + " names is not installed; the others are in the tables",
      "2:the file is wrong, every problem is listed with its place; or the results folder cannot be"
          + " written"
    },
    footer = {
      "",
      "Examples:",
      "  sweep conf/sweeps/smoke.yaml",
      "  EXTERNAL_REF_ROOT=/data sweep conf/sweeps/azure-conv-llama2-70b-a100.yaml"
    })
public final class SweepJob implements Callable<Integer> {
  private static final String NEXT =
      "  plumbline sql \"SELECT axes_json, throughput_tokens_per_second FROM sweep_point"
          + " JOIN run USING (run_id) WHERE sweep = '%s' ORDER BY 2 DESC LIMIT 5\"%s%n";

  private static final int SHOWN_FAILURES = 20;

  /** Percent, as compare has them by default. */
  private static final double PASS = 5;

  private static final double WARN = 9;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The sweep; conf/README.md has its form.")
  private Path file;

  @Option(names = "--force", description = "Run the points again that are done already.")
  private boolean force;

  @Option(
      names = "--retry-failed",
      description =
          "Run the points again that broke, also those that broke three times and are left alone"
              + " since.")
  private boolean retryFailed;

  @Option(names = "--dry-run", description = "Check the file and say what would run; run nothing.")
  private boolean dryRun;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Folder of the models that predictor learned trains, which several results folders may"
              + " share: a path or a URI. Default: _trained in the results folder.")
  private String cacheDir;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new SweepJob(), args);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    SystemsPlan systems = SystemsPlan.read(file, Home.models(), Home.paths(file, results.dir()));
    SweepPlan plan = systems.own();
    String dir = dryRun ? results.readableDir() : results.writableDir();
    SweepRunner.Todo todo = SweepRunner.todo(plan, dir, redo());
    out.printf(
        "Sweep %s: %d points (%d excluded, %d duplicates), %d done already, %d to run%s.%n",
        plan.name(),
        plan.points().size(),
        plan.excluded(),
        plan.duplicates(),
        plan.points().size() - todo.size() - todo.quarantined(),
        todo.size(),
        todo.quarantined() == 0 ? "" : ", %d broke too often".formatted(todo.quarantined()));
    OriginalSweep originals = new OriginalSweep(systems, Home.extern(), dir);
    if (!systems.originals().isEmpty()) {
      originals.missing().forEach(out::println);
      out.printf(
          "Of other systems: %d points, %d to run.%n",
          systems.originals().size(), originals.left(force));
    }
    if (dryRun) {
      return JobCommand.DONE;
    }
    List<SweepRunner.Failure> failures =
        SweepRunner.run(
            SparkSessions.open("plumbline sweep"),
            plan,
            todo,
            dir,
            cacheDir == null ? results.trainedDir() : cacheDir);
    report(failures);
    if (!systems.originals().isEmpty()) {
      return others(systems, originals, failures.size() + todo.quarantined(), dir);
    }
    int broken = failures.size() + todo.quarantined();
    int there = plan.points().size() - broken;
    if (broken == 0) {
      out.printf("Results are in %s.", dir);
    } else {
      out.printf("%d runs broke, %d are in %s.", broken, there, dir);
    }
    out.println(there == 0 ? "" : " Next, for example:");
    if (there > 0) {
      out.printf(NEXT, plan.name(), results.asGiven());
    }
    out.flush();
    return broken == 0 ? JobCommand.DONE : JobCommand.CHECK_FAILED;
  }

  /** The points of other systems, and how all systems compare where several ran a point. */
  private int others(SystemsPlan systems, OriginalSweep originals, int broken, String dir) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    SparkSession spark = SparkSessions.open("plumbline sweep");
    Map<String, String> failures = originals.run(spark, force);
    failures.forEach((axes, message) -> err.printf("Run %s gave nothing: %s%n", axes, message));
    err.flush();
    Comparison comparison =
        new Comparison(spark, dir, new Thresholds(PASS, WARN), PartialRequests.DROP);
    List<List<String>> groups = originals.comparable();
    for (List<String> group : groups) {
      comparison.compare(group.get(0), group.subList(1, group.size()));
    }
    out.printf(
        "Results are in %s; %d points were compared with %s's. Next, for example:%n"
            + "  plumbline report%s%n",
        dir, groups.size(), systems.systems().get(0), results.asGiven());
    out.flush();
    boolean whole = broken == 0 && failures.isEmpty() && originals.missing().isEmpty();
    return whole ? JobCommand.DONE : JobCommand.CHECK_FAILED;
  }

  private SweepRunner.Redo redo() {
    if (force) {
      return SweepRunner.Redo.ALL;
    }
    return retryFailed ? SweepRunner.Redo.FAILED : SweepRunner.Redo.NOTHING;
  }

  private void report(List<SweepRunner.Failure> failures) {
    PrintWriter err = spec.commandLine().getErr();
    for (SweepRunner.Failure failure :
        failures.subList(0, Math.min(SHOWN_FAILURES, failures.size()))) {
      err.printf("Run %s %s broke: %s%n", failure.runId(), failure.axesJson(), failure.message());
    }
    if (failures.size() > SHOWN_FAILURES) {
      err.printf(
          "And %d more: SELECT run_id, message FROM run WHERE outcome = 'failed'%n",
          failures.size() - SHOWN_FAILURES);
    }
    err.flush();
  }
}
