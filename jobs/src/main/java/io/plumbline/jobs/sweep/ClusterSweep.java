package io.plumbline.jobs.sweep;

import io.plumbline.files.Progress;
import io.plumbline.jobs.sweep.Packing.Chunk;
import io.plumbline.jobs.table.RunMarks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * Runs the points of a sweep on Spark. A large sweep begins with a sample of its points, which says
 * what each kind of point costs; the rest is packed by that.
 */
final class ClusterSweep {
  /** Sweeps of fewer points are packed by the first guess. */
  private static final int SAMPLED_FROM = 2_000;

  /** One point of so many is in the sample; a prime, so that it meets all values of each axis. */
  private static final int SAMPLE_STRIDE = 101;

  private final JavaSparkContext context;
  private final SweepPlan plan;
  private final SharedSweep shared;
  private final SweepRunner.Todo todo;
  private final PointCost cost;
  private final LongAccumulator runs;
  private final DoubleAccumulator secondsDone;
  private final List<SweepRunner.Failure> failures = new ArrayList<>();
  private TaskTimes times = TaskTimes.NONE;
  private double jobSeconds;
  private volatile double secondsBefore;
  private volatile double secondsInAll;

  /** Prepares the runs of what is left of a plan. */
  ClusterSweep(SparkSession spark, SweepPlan plan, SweepRunner.Todo todo, SharedSweep shared) {
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.plan = plan;
    this.shared = shared;
    this.todo = todo;
    this.cost = new PointCost(plan.workloads(), plan.recording());
    this.runs = spark.sparkContext().longAccumulator("runs done");
    this.secondsDone = spark.sparkContext().doubleAccumulator("predicted CPU seconds done");
  }

  /** Runs all of them. */
  List<SweepRunner.Failure> run() {
    List<SweepPoint> suspects = new ArrayList<>();
    List<SweepPoint> rest = new ArrayList<>();
    Map<String, Integer> marks = new RunMarks(shared.resultsDir()).counts();
    todo.points().forEach(point -> (marks.containsKey(point.runId()) ? suspects : rest).add(point));
    secondsInAll = seconds(todo.points());
    Broadcast<SharedSweep> broadcast = context.broadcast(shared);
    try (Progress progress = Progress.weighted("runs", todo.size(), runs::sum, this::shareDone)) {
      List<SweepPoint> others = rest;
      if (rest.size() >= SAMPLED_FROM) {
        List<SweepPoint> sample = new ArrayList<>();
        others = new ArrayList<>();
        for (int i = 0; i < rest.size(); i++) {
          (i % SAMPLE_STRIDE == 0 ? sample : others).add(rest.get(i));
        }
        runSample(broadcast, sample);
        secondsDone.reset();
        secondsBefore = seconds(sample);
        secondsInAll = seconds(todo.points());
      }
      run(broadcast, Packing.pack(others, cost::seconds, cores()), "the longest first");
      run(broadcast, Packing.alone(suspects, cost::seconds), "whose process died before");
    } finally {
      broadcast.destroy();
      context.clearJobGroup();
    }
    if (todo.size() >= SAMPLED_FROM) {
      System.err.println(times.text(jobSeconds, cores()));
    }
    return failures;
  }

  private double shareDone() {
    return (secondsBefore + secondsDone.value()) / secondsInAll;
  }

  private double seconds(List<SweepPoint> points) {
    return points.stream().mapToDouble(cost::seconds).sum();
  }

  /** The cores of all executors that are there by now. */
  private int cores() {
    return Math.max(1, context.defaultParallelism());
  }

  private void runSample(Broadcast<SharedSweep> broadcast, List<SweepPoint> sample) {
    Map<PointCost.Kind, Double> measured =
        run(
            broadcast,
            Packing.pack(sample, cost::seconds, cores()),
            "a sample, which says what the others will take");
    Map<PointCost.Kind, Double> predicted = new HashMap<>();
    sample.forEach(
        point -> predicted.merge(PointCost.Kind.of(point), cost.seconds(point), Double::sum));
    cost.learn(measured, predicted);
  }

  /** Runs chunks, one per task, in their order; gives the CPU seconds of each kind of point. */
  private Map<PointCost.Kind, Double> run(
      Broadcast<SharedSweep> broadcast, List<Chunk> chunks, String what) {
    Map<PointCost.Kind, Double> cpuSeconds = new HashMap<>();
    if (chunks.isEmpty()) {
      return cpuSeconds;
    }
    int points = chunks.stream().mapToInt(chunk -> chunk.points().size()).sum();
    context.setJobGroup(
        "sweep " + plan.name(),
        "sweep %s: %d runs in %d tasks, %s".formatted(plan.name(), points, chunks.size(), what));
    long start = System.nanoTime();
    LongAccumulator runsDone = runs;
    DoubleAccumulator predictedDone = secondsDone;
    for (ChunkRunner.Outcome outcome :
        context
            .parallelize(chunks, chunks.size())
            .setName("points of sweep " + plan.name())
            .map(chunk -> runChunk(chunk, broadcast.value(), runsDone, predictedDone))
            .collect()) {
      failures.addAll(outcome.failures());
      times = times.plus(outcome.times());
      outcome.cpuSeconds().forEach((kind, seconds) -> cpuSeconds.merge(kind, seconds, Double::sum));
    }
    jobSeconds += (System.nanoTime() - start) / 1e9;
    return cpuSeconds;
  }

  private static ChunkRunner.Outcome runChunk(
      Chunk chunk, SharedSweep shared, LongAccumulator runs, DoubleAccumulator seconds) {
    TaskContext task = TaskContext.get();
    double secondsPerRun = chunk.seconds() / chunk.points().size();
    return new ChunkRunner(
            shared,
            done -> {
              runs.add(done);
              seconds.add(done * secondsPerRun);
            },
            task::isInterrupted)
        .run(chunk, chunk.careful() || task.attemptNumber() > 0);
  }
}
