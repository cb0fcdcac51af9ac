package io.plumbline.jobs.sweep;

import io.plumbline.files.Progress;
import io.plumbline.jobs.sweep.Packing.Chunk;
import io.plumbline.jobs.table.RunIndex;
import io.plumbline.jobs.table.RunMarks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;
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
  private final CollectionAccumulator<SweepRunner.Failure> failures;
  private final List<SweepPoint> suspects = new ArrayList<>();
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
    // Also of a job that is given up in the end.
    this.failures = spark.sparkContext().collectionAccumulator("runs that broke");
    this.secondsDone = spark.sparkContext().doubleAccumulator("predicted CPU seconds done");
  }

  /** Runs all of them, however many processes some of them take down. */
  List<SweepRunner.Failure> run() {
    Map<String, Integer> marks = marks();
    List<SweepPoint> left = todo.points();
    secondsInAll = seconds(left);
    Broadcast<SharedSweep> broadcast = context.broadcast(shared);
    try (Progress progress = Progress.weighted("runs", todo.size(), runs::sum, this::shareDone)) {
      boolean ended = false;
      while (!ended) {
        try {
          run(broadcast, left, marks, left.size() < todo.size());
          ended = true;
        } catch (Exception e) {
          // Spark's exception is checked, and Scala does not say where it is thrown.
          Map<String, Integer> before = marks;
          marks = marks();
          if (!(e instanceof SparkException) || !foundMore(before, marks)) {
            throw e;
          }
          left = left();
          runs.add(todo.size() - left.size() - runs.sum());
          secondsInAll = seconds(todo.points());
          secondsBefore = secondsInAll - seconds(left);
          secondsDone.reset();
        }
      }
    } finally {
      broadcast.destroy();
      context.clearJobGroup();
    }
    if (todo.size() >= SAMPLED_FROM) {
      System.err.println(times.text(jobSeconds, cores()));
    }
    return failures.value();
  }

  private Map<String, Integer> marks() {
    return new RunMarks(shared.resultsDir()).counts();
  }

  /**
   * Whether a run has left a mark since. Spark gives a job up when one of its tasks took too many
   * processes down; as long as each time tells us of another run that does so, an end is near.
   */
  private static boolean foundMore(Map<String, Integer> before, Map<String, Integer> now) {
    return now.entrySet().stream()
        .anyMatch(mark -> mark.getValue() > before.getOrDefault(mark.getKey(), 0));
  }

  /** What this job has not published. */
  private List<SweepPoint> left() {
    RunIndex index = RunIndex.of(shared.resultsDir());
    return todo.points().stream()
        .filter(
            point -> {
              RunIndex.Known known = index.find(point.runId());
              return known == null || !shared.job().equals(known.job());
            })
        .toList();
  }

  private void run(
      Broadcast<SharedSweep> broadcast,
      List<SweepPoint> points,
      Map<String, Integer> marks,
      boolean careful) {
    suspects.clear();
    List<SweepPoint> rest = new ArrayList<>();
    points.forEach(point -> (marks.containsKey(point.runId()) ? suspects : rest).add(point));
    List<SweepPoint> others = rest;
    if (!careful && rest.size() >= SAMPLED_FROM) {
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
    List<Chunk> chunks = Packing.pack(others, cost::seconds, cores());
    run(
        broadcast,
        careful ? chunks.stream().map(Chunk::withCare).toList() : chunks,
        "the longest first");
    run(broadcast, Packing.alone(suspects, cost::seconds), "whose process died before");
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
    CollectionAccumulator<SweepRunner.Failure> broken = failures;
    for (ChunkRunner.Outcome outcome :
        context
            .parallelize(chunks, chunks.size())
            .setName("points of sweep " + plan.name())
            .map(chunk -> runChunk(chunk, broadcast.value(), runsDone, predictedDone, broken))
            .collect()) {
      suspects.addAll(outcome.suspects());
      times = times.plus(outcome.times());
      outcome.cpuSeconds().forEach((kind, seconds) -> cpuSeconds.merge(kind, seconds, Double::sum));
    }
    jobSeconds += (System.nanoTime() - start) / 1e9;
    return cpuSeconds;
  }

  private static ChunkRunner.Outcome runChunk(
      Chunk chunk,
      SharedSweep shared,
      LongAccumulator runs,
      DoubleAccumulator seconds,
      CollectionAccumulator<SweepRunner.Failure> broken) {
    TaskContext task = TaskContext.get();
    double secondsPerRun = chunk.seconds() / chunk.points().size();
    return new ChunkRunner(
            shared,
            done -> {
              runs.add(done);
              seconds.add(done * secondsPerRun);
            },
            broken::add,
            task::isInterrupted)
        .run(chunk, chunk.careful() || task.attemptNumber() > 0);
  }
}
