package io.plumbline.jobs.sweep;

import io.plumbline.files.Progress;
import io.plumbline.jobs.sweep.ModelTraining.ModelKeeper;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.SweepPointRow;
import io.plumbline.jobs.table.Table;
import io.plumbline.jobs.training.OperatorTraining;
import io.plumbline.jobs.training.TrainedOperator;
import io.plumbline.simulator.Recording;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Runs the points of a sweep on Spark: many per task, each written as soon as it is done. */
public final class SweepRunner {
  /** Tasks are small enough to show progress and to even out, large enough to cost nothing. */
  private static final int TASKS_PER_CORE = 8;

  /**
   * A run that broke.
   *
   * @param message class and message of what was thrown
   */
  public record Failure(String runId, String axesJson, String message) implements Serializable {}

  /** The points of a plan that are not done yet. */
  public record Todo(List<SweepPoint> points) {

    public int size() {
      return points.size();
    }
  }

  private SweepRunner() {}

  /**
   * Finds out what is left to run.
   *
   * @param force run everything again
   */
  public static Todo todo(SweepPlan plan, String resultsDir, boolean force) {
    if (force) {
      return new Todo(plan.points());
    }
    Map<String, String> recordings = new RunWriter(resultsDir).recordings();
    return new Todo(
        plan.points().stream()
            .filter(point -> !isEnough(recordings.get(point.runId()), plan.recording()))
            .toList());
  }

  /** Whether a run keeps what is wanted; a run that is not there is null. */
  private static boolean isEnough(String recorded, Recording wanted) {
    return recorded != null
        && Recording.valueOf(recorded.toUpperCase(Locale.ROOT)).compareTo(wanted) >= 0;
  }

  /**
   * Writes down which points the sweep has, trains the operators that are not trained yet, then
   * runs the points that are left and writes their tables.
   *
   * @param todo those of its points that are to be run
   * @param modelsDir folder of trained models
   * @return the runs that broke; all others are in the tables
   */
  public static List<Failure> run(
      SparkSession spark, SweepPlan plan, Todo todo, String resultsDir, String modelsDir) {
    writePoints(plan, resultsDir);
    List<SweepPoint> points = todo.points();
    if (points.isEmpty()) {
      return List.of();
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SweepProfiles profiles =
        SweepProfiles.of(
            points,
            plan.profiles(),
            new ModelTraining(resultsDir, modelsDir, new ClusterTraining(spark))::train);
    context.setJobGroup(
        "sweep " + plan.name(), "%d runs of sweep %s".formatted(points.size(), plan.name()));
    Broadcast<Shared> shared =
        context.broadcast(
            new Shared(plan.workloads(), profiles, plan.recording(), SimulatorVersion.VALUE));
    LongAccumulator done = spark.sparkContext().longAccumulator("runs done");
    int tasks = Math.min(points.size(), TASKS_PER_CORE * Math.max(1, context.defaultParallelism()));
    try (Progress progress = new Progress("runs", points.size(), done::sum)) {
      return context
          .parallelize(points, tasks)
          .mapPartitions(slice -> runSlice(slice, shared.value(), resultsDir, done::add).iterator())
          .collect();
    } finally {
      shared.destroy();
      context.clearJobGroup();
    }
  }

  /** The same in this process, one after the other: for few points, Spark takes longer to start. */
  public static List<Failure> runHere(
      SweepPlan plan, Todo todo, String resultsDir, String modelsDir) {
    writePoints(plan, resultsDir);
    SweepProfiles profiles =
        SweepProfiles.of(
            todo.points(),
            plan.profiles(),
            new ModelTraining(resultsDir, modelsDir, SweepRunner::trainHere)::train);
    Shared shared =
        new Shared(plan.workloads(), profiles, plan.recording(), SimulatorVersion.VALUE);
    return runSlice(todo.points().iterator(), shared, resultsDir, done -> {});
  }

  private static List<TrainedOperator> trainHere(
      List<OperatorTraining> trainings, ModelKeeper keeper) {
    LongAdder done = new LongAdder();
    List<String> summaries = Collections.synchronizedList(new ArrayList<>());
    long total = trainings.stream().mapToLong(OperatorTraining::weight).sum();
    try (Progress progress =
        Progress.withEvents(
            "measurements learned", total, done::sum, () -> List.copyOf(summaries))) {
      return trainings.parallelStream()
          .map(
              training -> {
                TrainedOperator trained = training.run();
                keeper.keep(trained);
                summaries.add(trained.summary());
                done.add(training.weight());
                return trained;
              })
          .toList();
    }
  }

  private static void writePoints(SweepPlan plan, String resultsDir) {
    List<SweepPoint> points = plan.points();
    new PartitionWriter(resultsDir)
        .replace(
            Table.SWEEP_POINT,
            List.of(plan.name()),
            IntStream.range(0, points.size())
                .mapToObj(
                    i ->
                        new SweepPointRow(
                            plan.name(), points.get(i).runId(), i, points.get(i).axesJson()))
                .iterator());
  }

  /** What all tasks read. */
  private record Shared(
      Map<String, Workload> workloads,
      SweepProfiles profiles,
      Recording recording,
      String codeVersion)
      implements Serializable {}

  private static List<Failure> runSlice(
      Iterator<SweepPoint> points, Shared shared, String resultsDir, LongConsumer done) {
    RunWriter writer = new RunWriter(resultsDir);
    Map<PredictorKey, ExecutionTimePredictor> predictors = new HashMap<>();
    List<Failure> failures = new ArrayList<>();
    while (points.hasNext()) {
      SweepPoint point = points.next();
      try {
        runPoint(point, shared, predictors, writer);
      } catch (RuntimeException e) {
        // One broken run must not take the others of its task with it.
        failures.add(new Failure(point.runId(), point.axesJson(), e.toString()));
      }
      done.accept(1);
    }
    return failures;
  }

  private record PredictorKey(
      PredictorSpec predictor,
      Deployment deployment,
      Compatibility compatibility,
      String profileHash,
      int maxBatchTokens,
      int maxBatchSize,
      String workloadId) {}

  private static void runPoint(
      SweepPoint point,
      Shared shared,
      Map<PredictorKey, ExecutionTimePredictor> predictors,
      RunWriter writer) {
    Instant started = Instant.now();
    Workload workload = shared.workloads().get(point.workloadId());
    SimulationSpec spec = point.spec();
    PredictorKey key =
        new PredictorKey(
            spec.predictor(),
            spec.deployment(),
            spec.compatibility(),
            point.profileHash(),
            spec.scheduler().maxBatchTokens(),
            spec.scheduler().maxBatchSize(),
            point.workloadId());
    ExecutionTimePredictor predictor =
        predictors.computeIfAbsent(
            key,
            unused ->
                Simulator.predictor(spec, workload, shared.profiles().source(point.profileHash())));
    RunTrace trace = Simulator.run(spec, workload, predictor, shared.recording());
    writer.write(manifest(point, shared.codeVersion(), started), trace, point.tags());
  }

  private static RunManifest manifest(SweepPoint point, String codeVersion, Instant started) {
    return new RunManifest(
        point.runId(),
        Origin.SIMULATED,
        "plumbline",
        point.workloadId(),
        point.specJson(),
        point.seed(),
        codeVersion,
        point.spec().deployment().device().name(),
        point.spec().deployment().model().name(),
        Map.of(
            "java",
            System.getProperty("java.version"),
            "os",
            System.getProperty("os.name") + " " + System.getProperty("os.arch")),
        started.toString(),
        Instant.now().toString(),
        host());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
