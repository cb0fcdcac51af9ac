package io.plumbline.jobs.search;

import io.plumbline.files.Progress;
import io.plumbline.jobs.search.SearchPlan.Case;
import io.plumbline.jobs.sweep.Configurations.Configuration;
import io.plumbline.jobs.sweep.PointPredictors;
import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.Table;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.capacity.RateSearch;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Searches all configurations at once on Spark, those that take longest first. */
public final class SearchRunner {
  /** A search that broke; the message has the class of what was thrown. */
  public record Failure(String capacityId, String message) implements Serializable {}

  /** The objectives to search for one configuration, which share its latency tables. */
  record Todo(List<SweepPoint> draws, List<Wanted> wanted) implements Serializable {}

  /** One objective of a configuration. */
  record Wanted(String capacityId, SloFile.Named slo) implements Serializable {}

  /** What all tasks read. */
  record Shared(
      Map<String, Workload> workloads,
      PointPredictors predictors,
      RateSearch search,
      double startRequestsPerSecond)
      implements Serializable {}

  private SearchRunner() {}

  /**
   * The searches that are not done yet.
   *
   * @param force search everything again
   */
  public static List<Case> todo(SearchPlan plan, String resultsDir, boolean force) {
    if (force) {
      return plan.cases();
    }
    PartitionWriter writer = new PartitionWriter(resultsDir);
    return plan.cases().stream()
        .filter(one -> !writer.exists(Table.CAPACITY, List.of(one.capacityId())))
        .toList();
  }

  /**
   * Searches what is left; each result is written as soon as it is there.
   *
   * @param modelsDir folder of trained models
   * @return what broke
   */
  public static List<Failure> run(
      SparkSession spark, SearchPlan plan, List<Case> todo, String resultsDir, String modelsDir) {
    if (todo.isEmpty()) {
      return List.of();
    }
    List<Todo> tasks = longestFirst(todo, plan.configurations().workloads());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    PointPredictors predictors =
        PointPredictors.of(
            spark,
            tasks.stream().flatMap(task -> task.draws().stream()).toList(),
            plan.configurations().profiles(),
            resultsDir,
            modelsDir);
    SearchSpec spec = plan.spec();
    Broadcast<Shared> shared =
        context.broadcast(
            new Shared(
                plan.configurations().workloads(),
                predictors,
                search(spec),
                spec.startRequestsPerSecond()));
    LongAccumulator done = spark.sparkContext().longAccumulator("searches done");
    LongAccumulator simulations = spark.sparkContext().longAccumulator("simulations");
    context.setJobGroup(
        "search " + plan.name(), "%d capacities of search %s".formatted(todo.size(), plan.name()));
    try (Progress progress =
        new Progress(
            "searches",
            todo.size(),
            done::sum,
            () -> simulations.sum() == 0 ? "" : simulations.sum() + " simulations")) {
      return context
          // A task per configuration: the next longest goes to whichever core is free.
          .parallelize(tasks, tasks.size())
          .flatMap(
              task ->
                  new SearchTask(shared.value(), resultsDir, done::add, simulations::add)
                      .run(task)
                      .iterator())
          .collect();
    } finally {
      shared.destroy();
      context.clearJobGroup();
    }
  }

  static RateSearch search(SearchSpec spec) {
    return new RateSearch(
        spec.lowestRequestsPerSecond(),
        spec.highestRequestsPerSecond(),
        spec.tolerancePercent() / 100);
  }

  private static List<Todo> longestFirst(List<Case> todo, Map<String, Workload> workloads) {
    Map<Configuration, List<Wanted>> byConfiguration = new LinkedHashMap<>();
    for (Case one : todo) {
      byConfiguration
          .computeIfAbsent(one.configuration(), unused -> new ArrayList<>())
          .add(new Wanted(one.capacityId(), one.slo()));
    }
    return byConfiguration.entrySet().stream()
        .map(entry -> new Todo(entry.getKey().draws(), entry.getValue()))
        .sorted(Comparator.comparingDouble((Todo task) -> cost(task, workloads)).reversed())
        .toList();
  }

  /** In iterations at full batches, which is what a simulation spends its time on. */
  static double cost(Todo task, Map<String, Workload> workloads) {
    SimulationSpec spec = task.draws().get(0).spec();
    double iterations = 0;
    for (SweepPoint draw : task.draws()) {
      for (Request request : workloads.get(draw.workloadId()).requests()) {
        iterations +=
            (double) request.promptTokens() / spec.scheduler().maxBatchTokens()
                + (double) request.outputTokens() / spec.scheduler().maxBatchSize();
      }
    }
    return iterations * spec.deployment().parallelism().pipeline() * task.wanted().size();
  }
}
