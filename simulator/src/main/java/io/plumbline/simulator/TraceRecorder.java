package io.plumbline.simulator;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.ModelFlops;
import io.plumbline.trace.run.IterationRequests;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.KvTransfer;
import io.plumbline.trace.run.OperatorTime;
import io.plumbline.trace.run.PoolTrace;
import io.plumbline.trace.run.PooledReplica;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import io.plumbline.trace.run.Utilization;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/** Turns a run into a {@link RunTrace}: the one place where seconds become nanoseconds. */
final class TraceRecorder implements Recorder {
  private final Recording recording;
  private final PoolModels models;
  private final SimulationSpec spec;
  private final long startNanos;
  private final List<KvTransfer> transfers = new ArrayList<>();
  private final List<IterationTiming> iterations = new ArrayList<>();
  private final IterationRequests.Builder iterationRequests = new IterationRequests.Builder();
  private final List<OperatorTime> operators = new ArrayList<>();
  private final Consumer<RequestTiming> sink;

  /** By id; empty where they go to a sink. */
  private final RequestTiming[] requests;

  private final BitSet told = new BitSet();
  private final long[][] tokenNanos;
  private final int[] tokens;
  private double predictedSeconds;
  private double extrapolatedSeconds;

  /** Keeps the requests for the trace. */
  TraceRecorder(Recording recording, Workload workload, SimulationSpec spec, PoolModels models) {
    this(recording, workload, spec, models, null);
  }

  /**
   * @param sink takes each request when it is over; null to keep them for the trace
   */
  TraceRecorder(
      Recording recording,
      Workload workload,
      SimulationSpec spec,
      PoolModels models,
      Consumer<RequestTiming> sink) {
    this.requests = new RequestTiming[sink == null ? workload.size() : 0];
    this.sink = sink == null ? timing -> requests[timing.requestId()] = timing : sink;
    this.recording = recording;
    this.spec = spec;
    this.models = models;
    this.startNanos = workload.request(0).arrivalNanos();
    this.tokenNanos = recording.tokens() ? new long[workload.size()][] : null;
    this.tokens = new int[recording.tokens() ? workload.size() : 0];
    if (recording.tokens()) {
      for (Request request : workload.requests()) {
        tokenNanos[request.id()] = new long[request.outputTokens()];
      }
    }
  }

  /**
   * Simulated seconds run from the first arrival, so that they are exact to far below a nanosecond
   * for weeks, wherever the workload's own clock begins.
   */
  private long nanos(double seconds) {
    return startNanos + Math.round(seconds * 1e9);
  }

  /** A duration. */
  private static Long nanosOf(double seconds) {
    return Math.round(seconds * 1e9);
  }

  @Override
  public void batchScheduled(IterationInFlight iteration, int kvBlocksUsed) {
    if (!recording.tokens()) {
      return;
    }
    Batch batch = iteration.batch();
    for (int i = 0; i < batch.size(); i++) {
      iterationRequests.add(
          batch.request(i).id(), batch.tokens(i), batch.contextTokens(i), batch.isPrefill(i));
    }
    iterationRequests.endIteration();
  }

  @Override
  public void stageStarts(
      IterationInFlight iteration,
      int stage,
      double startSeconds,
      double modelSeconds,
      double hostSeconds,
      int kvBlocksUsed) {
    Batch batch = iteration.batch();
    ExecutionTimePredictor predictor = models.predictor(iteration.replica());
    predictedSeconds += modelSeconds;
    extrapolatedSeconds += predictor.extrapolatedSeconds(batch, stage);
    if (!recording.iterations()) {
      return;
    }
    double seconds = modelSeconds + hostSeconds;
    long start = nanos(startSeconds);
    long end = nanos(startSeconds + seconds);
    ModelFlops flops = models.flops(iteration.replica());
    double modelFlops = flops.flops(batch, stage);
    iterations.add(
        new IterationTiming(
            iteration.replica(),
            stage,
            iteration.number(),
            start,
            end - start,
            batch.size(),
            batch.prefillTokens(),
            batch.decodeTokens(),
            kvBlocksUsed,
            nanos(iteration.scheduledSeconds()),
            nanosOf(hostSeconds),
            modelFlops,
            flops.mfuPercent(modelFlops, seconds),
            null,
            null,
            null,
            null));
    if (recording.operators()) {
      predictor.operators(
          batch,
          stage,
          (name, callMs, calls) ->
              operators.add(
                  new OperatorTime(
                      iteration.replica(), stage, iteration.number(), name, callMs * 1e6, calls)));
    }
  }

  @Override
  public void kvTransferred(
      int request,
      int fromReplica,
      int toReplica,
      int tokens,
      double readySeconds,
      double transferStartSeconds,
      double endSeconds) {
    transfers.add(
        new KvTransfer(
            request,
            fromReplica,
            toReplica,
            tokens,
            tokens * spec.deployment().kvBytesPerToken(),
            nanos(readySeconds),
            nanos(transferStartSeconds),
            nanos(endSeconds)));
  }

  private PoolTrace pools() {
    if (!spec.hasPools()) {
      return PoolTrace.NONE;
    }
    List<PooledReplica> replicas = new ArrayList<>();
    for (PoolSpec pool : spec.pools()) {
      for (int i = 0; i < pool.replicas(); i++) {
        replicas.add(
            new PooledReplica(
                replicas.size(),
                pool.name(),
                pool.role(),
                pool.deployment().device().name(),
                pool.deployment().parallelism().tensor(),
                pool.deployment().parallelism().pipeline()));
      }
    }
    return new PoolTrace(replicas, transfers);
  }

  @Override
  public boolean wantsTokens() {
    return recording.tokens();
  }

  @Override
  public void token(int request, double atSeconds) {
    if (!recording.tokens()) {
      return;
    }
    int token = tokens[request]++;
    if (token == tokenNanos[request].length) {
      // Only where Vidur's restart turns prompt into output.
      tokenNanos[request] = Arrays.copyOf(tokenNanos[request], token * 2);
    }
    tokenNanos[request][token] = nanos(atSeconds);
  }

  @Override
  public boolean keepsRequests() {
    return false;
  }

  @Override
  public void requestOver(RequestProgress request, int replica) {
    tell(
        request, replica, request.completed() ? RequestOutcome.COMPLETED : RequestOutcome.REJECTED);
  }

  private void tell(RequestProgress request, int replica, RequestOutcome outcome) {
    if (told.get(request.id())) {
      throw new IllegalStateException("Request (%d) ended twice".formatted(request.id()));
    }
    told.set(request.id());
    sink.accept(timing(request, replica, outcome));
  }

  /** The run, once the cluster is done with it; with the requests if they were kept. */
  RunTrace trace(Cluster cluster, Workload workload, List<Utilization> utilization) {
    for (int id = told.nextClearBit(0); id < workload.size(); id = told.nextClearBit(id)) {
      tell(cluster.request(id), cluster.replicaOf(id), RequestOutcome.UNFINISHED);
    }
    TokenTimes times = null;
    if (recording.tokens()) {
      for (int r = 0; r < tokenNanos.length; r++) {
        tokenNanos[r] = Arrays.copyOf(tokenNanos[r], tokens[r]);
      }
      times = TokenTimes.of(tokenNanos);
    }
    return new RunTrace(
        Arrays.asList(requests),
        iterations,
        times,
        List.of(),
        recording.tokens() ? iterationRequests.build() : null,
        operators,
        utilization,
        predictedSeconds == 0 ? 0 : extrapolatedSeconds / predictedSeconds,
        pools());
  }

  private RequestTiming timing(RequestProgress progress, int replica, RequestOutcome outcome) {
    Request request = progress.request();
    boolean ran = !Double.isNaN(progress.scheduledSeconds());
    return new RequestTiming(
        request.id(),
        replica < 0 ? null : replica,
        request.arrivalNanos(),
        nanosOrNull(progress.scheduledSeconds()),
        nanosOrNull(progress.firstTokenSeconds()),
        nanosOrNull(progress.endSeconds()),
        request.promptTokens(),
        request.outputTokens(),
        progress.producedTokens(),
        progress.preemptions(),
        outcome,
        ran ? nanosOf(progress.executionSeconds()) : null,
        ran ? nanosOf(progress.modelExecutionSeconds()) : null,
        ran ? nanosOf(progress.preemptedSeconds()) : null,
        nanosOrNull(progress.queuedSeconds()));
  }

  private Long nanosOrNull(double seconds) {
    return Double.isNaN(seconds) ? null : nanos(seconds);
  }
}
