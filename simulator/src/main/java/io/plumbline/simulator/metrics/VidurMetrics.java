package io.plumbline.simulator.metrics;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.cluster.ReplicaShape;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.ModelFlops;
import io.plumbline.trace.run.Utilization;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What Vidur's metrics store (commit 7d47513) would have written about a run, at the full precision
 * of the clock and mistakes included. Meant for runs with Vidur's compatibility:
 *
 * <pre>{@code
 * VidurMetrics metrics =
 *     new VidurMetrics(workload, spec.deployment(), predictor, BatchWindow.ALL);
 * Simulator.replay(spec, workload, arrivalSeconds, predictor, metrics);
 * double[] ttft = metrics.requests(VidurRequestMetric.PREFILL_E2E_TIME);
 * }</pre>
 */
public final class VidurMetrics implements Recorder {
  private final Workload workload;
  private final BatchWindow window;
  private final RequestProgress[] completed;
  private final double[] arrivalSeconds;
  private final double[] interArrivalSeconds;
  private double lastArrivalSeconds = Double.NaN;

  private final UtilizationRecorder utilization;
  private final Map<VidurSeries, DoubleList[]> series = new EnumMap<>(VidurSeries.class);
  private final DoubleList batches = new DoubleList();
  private final Map<VidurBatchMetric, DoubleList> batchMetrics =
      new EnumMap<>(VidurBatchMetric.class);
  private final DoubleList decodeTokenSeconds = new DoubleList();
  private final double[] iterationEndSeconds;
  private final double[] iterationDelaySeconds;
  private final VidurOperations operations;

  /**
   * @param predictor the one of the run, asked for its operators
   * @param window batches whose ends are looked at
   */
  public VidurMetrics(
      Workload workload,
      Deployment deployment,
      ExecutionTimePredictor predictor,
      BatchWindow window) {
    this.workload = workload;
    this.window = window;
    ModelFlops vidurFlops = new ModelFlops(deployment, Compatibility.VIDUR);
    this.utilization = new UtilizationRecorder(replica -> vidurFlops, Compatibility.VIDUR, 0);
    this.operations = new VidurOperations(predictor, deployment.layersPerStage());
    this.iterationEndSeconds = new double[workload.size()];
    this.iterationDelaySeconds = new double[workload.size()];
    for (VidurSeries name : VidurSeries.values()) {
      series.put(name, new DoubleList[] {new DoubleList(), new DoubleList()});
    }
    for (VidurBatchMetric metric : VidurBatchMetric.values()) {
      batchMetrics.put(metric, new DoubleList());
    }
    this.completed = new RequestProgress[workload.size()];
    this.arrivalSeconds = unknown(workload.size());
    this.interArrivalSeconds = unknown(workload.size());
  }

  private static double[] unknown(int size) {
    double[] values = new double[size];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  @Override
  public void clusterReady(int requests, List<ReplicaShape> replicas) {
    utilization.clusterReady(requests, replicas);
  }

  @Override
  public void requestArrives(int request, double atSeconds) {
    utilization.requestArrives(request, atSeconds);
    arrivalSeconds[request] = atSeconds;
    interArrivalSeconds[request] = atSeconds - lastArrivalSeconds;
    lastArrivalSeconds = atSeconds;
    add(VidurSeries.REQUEST_ARRIVAL, atSeconds, 1);
  }

  @Override
  public void replicaScheduled(int replica, int formed, int kvBlocksUsed, double atSeconds) {
    utilization.replicaScheduled(replica, formed, kvBlocksUsed, atSeconds);
  }

  @Override
  public void batchScheduled(IterationInFlight iteration, int kvBlocksUsed) {
    Batch batch = iteration.batch();
    for (int i = 0; i < batch.size(); i++) {
      int request = batch.request(i).id();
      iterationDelaySeconds[request] = iteration.scheduledSeconds() - iterationEndSeconds[request];
    }
  }

  @Override
  public void stageStarts(
      IterationInFlight iteration,
      int stage,
      double startSeconds,
      double modelSeconds,
      double hostSeconds,
      int kvBlocksUsed) {
    utilization.stageStarts(
        iteration, stage, startSeconds, modelSeconds, hostSeconds, kvBlocksUsed);
    operations.add(iteration, stage, modelSeconds);
  }

  @Override
  public void stageEnds(
      IterationInFlight iteration, int stage, double startSeconds, double endSeconds) {
    utilization.stageEnds(iteration, stage, startSeconds, endSeconds);
  }

  @Override
  public void batchEnds(IterationInFlight iteration, int kvBlocksUsed, double atSeconds) {
    Batch batch = iteration.batch();
    for (int i = 0; i < batch.size(); i++) {
      iterationEndSeconds[batch.request(i).id()] = atSeconds;
    }
    if (!window.contains(iteration.number())) {
      return;
    }
    utilization.batchEnds(iteration, kvBlocksUsed, atSeconds);
    double executionSeconds = atSeconds - iteration.scheduledSeconds();
    batches.add(iteration.number());
    batchMetrics.forEach((metric, values) -> values.add(metric.of(batch, executionSeconds)));
    for (int i = 0; i < batch.size(); i++) {
      requestEndsIteration(batch.request(i), executionSeconds, atSeconds);
    }
  }

  private void requestEndsIteration(
      RequestProgress request, double executionSeconds, double atSeconds) {
    if (request.completed()) {
      completed[request.id()] = request;
      add(VidurSeries.REQUEST_COMPLETION, atSeconds, 1);
    }
    if (request.firstTokenSeconds() == atSeconds) {
      add(VidurSeries.PREFILL_COMPLETION, atSeconds, request.promptTokens());
    }
    // The token of a prefill is not counted, nor is that of a second one after a restart.
    if (request.processedTokens() > request.promptTokens() + 1) {
      decodeTokenSeconds.add(executionSeconds + iterationDelaySeconds[request.id()]);
      add(VidurSeries.DECODE_COMPLETION, atSeconds, 1);
    }
  }

  private void add(VidurSeries name, double atSeconds, int count) {
    DoubleList[] lists = series.get(name);
    lists[0].add(atSeconds);
    lists[1].add(count);
  }

  /** Whether a request has a row in {@code request_metrics.csv}. */
  public boolean hasRow(int request) {
    return !Double.isNaN(arrivalSeconds[request]);
  }

  /** A column of {@code request_metrics.csv} by request; NaN for an empty field. */
  public double[] requests(VidurRequestMetric metric) {
    double[] values = unknown(workload.size());
    for (Request request : workload.requests()) {
      int id = request.id();
      if (metric.knownAtArrival() ? hasRow(id) : completed[id] != null) {
        values[id] = metric.knownAtArrival() ? metric.of(request) : metric.of(completed[id]);
      }
    }
    return values;
  }

  /**
   * The column {@code request_inter_arrival_delay}: seconds since the arrival before; NaN for the
   * first.
   */
  public double[] interArrivalSeconds() {
    return interArrivalSeconds.clone();
  }

  /** A time series. */
  public VidurTimeSeries series(VidurSeries name) {
    double[] counts = series.get(name)[1].toArray();
    Arrays.parallelPrefix(counts, Double::sum);
    return new VidurTimeSeries(series.get(name)[0].toArray(), counts);
  }

  /**
   * Values of {@code decode_token_execution_plus_preemption_time}: seconds since the end of the
   * request's iteration before.
   */
  public double[] decodeTokenSeconds() {
    return decodeTokenSeconds.toArray();
  }

  /**
   * The column {@code Batch Id} of {@code batch_metrics.csv}, batches in the order of their ends.
   */
  public double[] batches() {
    return batches.toArray();
  }

  /** Another column of {@code batch_metrics.csv}, in the same order. */
  public double[] batches(VidurBatchMetric metric) {
    return batchMetrics.get(metric).toArray();
  }

  /** The entries of an operation, empty if the run has none. */
  public VidurOperationTimes operation(VidurOperation operation) {
    return operations.times(operation);
  }

  /** Memory, busy time and MFU, of replicas and stages as Vidur numbers them, from 0; once. */
  public List<Utilization> utilization() {
    return utilization.utilization();
  }

  /**
   * Vidur's distribution of values: at 0, 1, …, 100 percent of the sorted values. Its sketch is off
   * by up to 0.1 % of each.
   *
   * @param repeats how often each value counts
   */
  public static double[] distribution(double[] values, int repeats) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] quantiles = new double[101];
    for (int percent = 0; percent <= 100; percent++) {
      double rank = percent / 100.0 * ((double) sorted.length * repeats - 1);
      quantiles[percent] = sorted[(int) (Math.floor(rank) / repeats)];
    }
    return quantiles;
  }
}
