package io.plumbline.simulator.metrics;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.Arrays;

/**
 * What Vidur's metrics store (commit 7d47513) would have written about a run, at the full precision
 * of the clock and mistakes included. Meant for runs with Vidur's compatibility:
 *
 * <pre>{@code
 * VidurMetrics metrics = new VidurMetrics(workload, BatchWindow.ALL);
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

  /**
   * @param window batches whose ends are looked at
   */
  public VidurMetrics(Workload workload, BatchWindow window) {
    this.workload = workload;
    this.window = window;
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
  public void requestArrives(int request, double atSeconds) {
    arrivalSeconds[request] = atSeconds;
    interArrivalSeconds[request] = atSeconds - lastArrivalSeconds;
    lastArrivalSeconds = atSeconds;
  }

  @Override
  public void batchEnds(IterationInFlight iteration, int kvBlocksUsed, double atSeconds) {
    if (!window.contains(iteration.number())) {
      return;
    }
    Batch batch = iteration.batch();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.request(i).completed()) {
        completed[batch.request(i).id()] = batch.request(i);
      }
    }
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
}
