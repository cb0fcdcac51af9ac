package io.plumbline.jobs.sweep;

import io.plumbline.files.Progress;
import io.plumbline.jobs.sweep.ModelTraining.ModelKeeper;
import io.plumbline.jobs.sweep.SharedSweep.PredictorPool;
import io.plumbline.jobs.sweep.SharedSweep.Predictors;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.RunIndex;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.SweepPointRow;
import io.plumbline.jobs.table.Table;
import io.plumbline.jobs.training.OperatorTraining;
import io.plumbline.jobs.training.TrainedOperator;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/** Runs the points of a sweep: many per task on Spark, or one after the other in this process. */
public final class SweepRunner {
  /** A run that broke as often is not made again by itself. */
  static final int ATTEMPTS = 3;

  /**
   * A run that broke.
   *
   * @param message class and message of what was thrown
   */
  public record Failure(String runId, String axesJson, String message) implements Serializable {}

  /** What to make again though it is there. */
  public enum Redo {
    /** Only what broke, and not too often. */
    NOTHING,
    /** What broke, however often. */
    FAILED,
    /** Everything. */
    ALL
  }

  /**
   * The points of a plan that are not done yet.
   *
   * @param quarantined how many more broke so often that they are left alone
   * @param failures how often the points broke that did, by run id
   * @param folderMillis runs that are there and in folders of their own, and when they were written
   */
  public record Todo(
      List<SweepPoint> points,
      int quarantined,
      Map<String, Integer> failures,
      Map<String, Long> folderMillis) {

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
    return todo(plan, resultsDir, force ? Redo.ALL : Redo.NOTHING);
  }

  /** The same with more choice. */
  public static Todo todo(SweepPlan plan, String resultsDir, Redo redo) {
    RunIndex index = RunIndex.of(resultsDir);
    List<SweepPoint> points = new ArrayList<>();
    Map<String, Integer> failures = new HashMap<>();
    int quarantined = 0;
    for (SweepPoint point : plan.points()) {
      RunIndex.Known known = index.find(point.runId());
      int failed = known == null ? 0 : known.failures();
      if (redo == Redo.NOTHING && failed >= ATTEMPTS) {
        quarantined++;
      } else if (redo == Redo.ALL || !index.isDone(point.runId(), plan.recording())) {
        points.add(point);
        if (failed > 0 && redo == Redo.NOTHING) {
          failures.put(point.runId(), failed);
        }
      }
    }
    Map<String, Long> folderMillis =
        index.folderMillis(points.stream().map(SweepPoint::runId).toList());
    return new Todo(List.copyOf(points), quarantined, failures, folderMillis);
  }

  /**
   * Writes down which points the sweep has, trains the operators that are not trained yet, then
   * runs the points that are left and writes their tables.
   *
   * @param todo those of its points that are to be run
   * @param modelsDir folder of trained models
   * @return the runs that broke; all are in the table {@code run}
   */
  public static List<Failure> run(
      SparkSession spark, SweepPlan plan, Todo todo, String resultsDir, String modelsDir) {
    writePoints(plan, resultsDir);
    if (todo.points().isEmpty()) {
      return List.of();
    }
    SweepProfiles profiles =
        SweepProfiles.of(
            todo.points(),
            plan.profiles(),
            new ModelTraining(resultsDir, modelsDir, new ClusterTraining(spark))::train);
    return new ClusterSweep(spark, plan, todo, shared(plan, todo, profiles, resultsDir)).run();
  }

  private static SharedSweep shared(
      SweepPlan plan, Todo todo, SweepProfiles profiles, String resultsDir) {
    return new SharedSweep(
        "sweep %s %s".formatted(plan.name(), UUID.randomUUID()),
        resultsDir,
        plan.workloads(),
        profiles,
        plan.recording(),
        SimulatorVersion.VALUE,
        todo.failures(),
        todo.folderMillis(),
        new PredictorPool());
  }

  /**
   * The same in this process, one after the other, each run in a folder of its own: for few points,
   * Spark takes longer to start.
   *
   * @return the runs that broke; all others are in the tables
   */
  public static List<Failure> runHere(
      SweepPlan plan, Todo todo, String resultsDir, String modelsDir) {
    writePoints(plan, resultsDir);
    SweepProfiles profiles =
        SweepProfiles.of(
            todo.points(),
            plan.profiles(),
            new ModelTraining(resultsDir, modelsDir, SweepRunner::trainHere)::train);
    SharedSweep shared = shared(plan, todo, profiles, resultsDir);
    RunWriter writer = new RunWriter(resultsDir);
    List<Failure> failures = new ArrayList<>();
    Predictors predictors = shared.pool().take();
    for (SweepPoint point : todo.points()) {
      PointRun run = PointRun.of(point, shared, predictors);
      if (run.trace() != null) {
        writer.write(run.manifest(), run.trace(), point.tags());
      } else {
        failures.add(new Failure(point.runId(), point.axesJson(), run.message()));
      }
    }
    return failures;
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
}
