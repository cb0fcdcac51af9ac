package io.plumbline.jobs.original;

import io.plumbline.files.Progress;
import io.plumbline.jobs.table.FinishedRuns;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.SweepPointRow;
import io.plumbline.jobs.table.Table;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Runs the points of the originals that are installed, each as a process in a task of its own. */
public final class OriginalSweep {
  private final SystemsPlan plan;
  private final Path extern;
  private final String resultsDir;

  /**
   * What is to be done.
   *
   * @param extern folder of the originals
   */
  public OriginalSweep(SystemsPlan plan, Path extern, String resultsDir) {
    this.plan = plan;
    this.extern = extern;
    this.resultsDir = resultsDir;
  }

  /** One line for each system that is not installed. */
  public List<String> missing() {
    Map<OriginalKind, Integer> points = new TreeMap<>();
    for (OriginalPoint point : plan.originals()) {
      if (!isInstalled(point.kind())) {
        points.merge(point.kind(), 1, Integer::sum);
      }
    }
    List<String> lines = new ArrayList<>();
    points.forEach(
        (kind, count) ->
            lines.add(
                "%s is not installed: %d points are left out. Maybe run extern/%s/bootstrap.sh."
                    .formatted(kind.system(), count, kind.original().folder())));
    return lines;
  }

  private boolean isInstalled(OriginalKind kind) {
    return Files.isExecutable(OriginalTask.executable(extern, kind));
  }

  /** Points that are installed and not done yet. */
  public int left(boolean force) {
    return todo(force).size();
  }

  private List<OriginalPoint> todo(boolean force) {
    Set<String> finished = force ? Set.of() : FinishedRuns.of(resultsDir);
    return plan.originals().stream()
        .filter(point -> isInstalled(point.kind()))
        .filter(point -> !finished.contains(point.runId()))
        .toList();
  }

  /**
   * Runs what is left and writes down all points of the sweep.
   *
   * @return why points gave no run, by their axes
   */
  public Map<String, String> run(SparkSession spark, boolean force) {
    writePoints();
    List<OriginalPoint> todo = todo(force);
    Map<String, String> failures = new TreeMap<>();
    if (todo.isEmpty()) {
      return failures;
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    OriginalTask task = new OriginalTask(resultsDir, extern.toString(), plan.limits());
    Broadcast<Map<String, Workload>> workloads = context.broadcast(plan.own().workloads());
    LongAccumulator done = spark.sparkContext().longAccumulator("runs of originals done");
    context.setJobGroup("originals", "%d runs of originals".formatted(todo.size()), true);
    try (Progress progress = new Progress("runs of originals", todo.size(), done::sum)) {
      for (OriginalTask.Outcome outcome :
          context
              .parallelize(todo, todo.size())
              .map(point -> run(task, point, workloads.value(), done))
              .collect()) {
        if (outcome.message() != null) {
          failures.put(outcome.axesJson(), outcome.message());
        }
      }
    } finally {
      workloads.destroy();
      context.clearJobGroup();
    }
    return failures;
  }

  private static OriginalTask.Outcome run(
      OriginalTask task,
      OriginalPoint point,
      Map<String, Workload> workloads,
      LongAccumulator done) {
    TaskContext context = TaskContext.get();
    OriginalTask.Outcome outcome =
        task.run(point, workloads.get(point.point().workloadId()), context::isInterrupted);
    done.add(1L);
    return outcome;
  }

  private void writePoints() {
    List<Map.Entry<String, String>> points = plan.points();
    String sweep = plan.own().name();
    new PartitionWriter(resultsDir)
        .replace(
            Table.SWEEP_POINT,
            List.of(sweep),
            IntStream.range(0, points.size())
                .mapToObj(
                    i ->
                        new SweepPointRow(
                            sweep, points.get(i).getKey(), i, points.get(i).getValue()))
                .iterator());
  }

  /** The runs of a point that are there, of points that at least two systems finished. */
  public List<List<String>> comparable() {
    Set<String> finished = FinishedRuns.of(resultsDir);
    List<List<String>> comparable = new ArrayList<>();
    for (List<String> group : plan.groups()) {
      List<String> there = group.stream().filter(finished::contains).toList();
      if (there.size() > 1) {
        comparable.add(there);
      }
    }
    return comparable;
  }
}
