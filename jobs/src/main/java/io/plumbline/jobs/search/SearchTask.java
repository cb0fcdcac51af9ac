package io.plumbline.jobs.search;

import io.plumbline.jobs.search.SearchRunner.Failure;
import io.plumbline.jobs.search.SearchRunner.Shared;
import io.plumbline.jobs.search.SearchRunner.Todo;
import io.plumbline.jobs.search.SearchRunner.Wanted;
import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.jobs.table.CapacityRow;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.Table;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.trace.workload.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/** Searches the capacities of one configuration and writes them, the row in capacity last. */
final class SearchTask {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Shared shared;
  private final PartitionWriter writer;
  private final LongConsumer done;
  private final LongConsumer simulated;

  /**
   * @param done is told of every search that ended
   * @param simulated is told how many simulations it took
   */
  SearchTask(Shared shared, String resultsDir, LongConsumer done, LongConsumer simulated) {
    this.shared = shared;
    this.writer = new PartitionWriter(resultsDir);
    this.done = done;
    this.simulated = simulated;
  }

  /** What broke. */
  List<Failure> run(Todo task) {
    List<Failure> failures = new ArrayList<>();
    Map<List<TableLimits>, List<ExecutionTimePredictor>> predictors = new HashMap<>();
    for (Wanted wanted : task.wanted()) {
      try {
        search(task.draws(), wanted, predictors);
      } catch (RuntimeException e) {
        // One broken search must not take the others with it.
        failures.add(new Failure(wanted.capacityId(), e.toString()));
      }
      done.accept(1);
    }
    return failures;
  }

  private void search(
      List<SweepPoint> draws,
      Wanted wanted,
      Map<List<TableLimits>, List<ExecutionTimePredictor>> predictors) {
    long startNanos = System.nanoTime();
    CapacitySearch search =
        new CapacitySearch(
            wanted.capacityId(), wanted.slo(), shared.search(), shared.startRequestsPerSecond());
    for (SweepPoint draw : draws) {
      search.add(runs(draw, predictors), draw.seed());
      if (!search.outcome().equals("found")) {
        // Other draws could not make it found.
        break;
      }
    }
    CapacityLatencies latencies =
        search.outcome().equals("found")
            ? runs(draws.get(0), predictors).latencies(search.passing()[0])
            : null;
    simulated.accept(search.probes().size());
    List<String> partition = List.of(wanted.capacityId());
    writer.remove(Table.CAPACITY, partition);
    writer.replace(Table.CAPACITY_PROBE, partition, search.probes().iterator());
    CapacityRow row = row(draws, wanted, search, latencies, startNanos);
    writer.replace(Table.CAPACITY, partition, List.of(row).iterator());
  }

  private PacedRuns runs(
      SweepPoint draw, Map<List<TableLimits>, List<ExecutionTimePredictor>> predictors) {
    Workload workload = shared.workloads().get(draw.workloadId());
    return new PacedRuns(
        draw,
        workload,
        predictors.computeIfAbsent(
            draw.spec().pools().stream()
                .map(pool -> Simulator.tableLimits(pool, workload))
                .toList(),
            unused -> shared.predictors().predictors(draw, workload)));
  }

  private CapacityRow row(
      List<SweepPoint> draws,
      Wanted wanted,
      CapacitySearch search,
      CapacityLatencies latencies,
      long startNanos) {
    SweepPoint first = draws.get(0);
    Workload workload = shared.workloads().get(first.workloadId());
    boolean found = latencies != null;
    ConfidenceInterval capacity = found ? ConfidenceInterval.of(search.passing()) : null;
    return new CapacityRow(
        wanted.capacityId(),
        first.spec().deployment().model().name(),
        first.spec().pools().stream()
            .map(pool -> pool.deployment().device().name())
            .distinct()
            .collect(Collectors.joining("+")),
        first.tags().scheduler(),
        first.spec().replicas(),
        first.tags().tensorParallel(),
        first.tags().pipelineParallel(),
        wanted.slo().json(),
        first.workloadId(),
        workload.size(),
        draws.size(),
        search.outcome(),
        found ? capacity.mean() : null,
        found ? capacity.lower() : null,
        found ? capacity.upper() : null,
        100 * shared.search().tolerance(),
        found ? (workload.size() - 1) / search.passing()[0] : null,
        found ? latencies.tokensPerSecond() : null,
        found ? latencies.schedulingDelayP99Ns() : null,
        found ? latencies.ttftP50Ns() : null,
        found ? latencies.ttftP90Ns() : null,
        found ? latencies.ttftP99Ns() : null,
        found ? latencies.tbtP50Ns() : null,
        found ? latencies.tbtP99Ns() : null,
        found ? latencies.tpotP99Ns() : null,
        found ? latencies.e2eP50Ns() : null,
        found ? latencies.e2eP99Ns() : null,
        search.probes().size(),
        (int) search.probes().stream().filter(probe -> probe.aborted() == 1).count(),
        (System.nanoTime() - startNanos) / NANOS_PER_SECOND,
        first.specJson(),
        Instant.now().toString());
  }
}
