package io.plumbline.jobs.conformance;

import io.plumbline.files.vidur.VidurConfig;
import io.plumbline.jobs.vidur.VidurSimulation;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.metrics.BatchWindow;
import io.plumbline.simulator.metrics.VidurMetrics;
import io.plumbline.trace.workload.Workload;
import java.util.HashMap;
import java.util.Map;

/**
 * Our run of a recorded setup, with everything that the original wrote down of its own.
 *
 * @param stages by batch and stage
 */
record VidurRun(
    Workload workload, Cluster cluster, VidurMetrics metrics, Map<StageKey, Stage> stages) {

  /** One pass of a batch through one pipeline stage. */
  record StageKey(long batch, int stage) {}

  /**
   * What happened there.
   *
   * @param operatorMs time of one call of each operator
   * @param requestIds requests of the batch, in its order
   * @param requestTokens tokens that each of them got processed
   */
  record Stage(
      int replica,
      double scheduledSeconds,
      double startSeconds,
      double modelSeconds,
      double stageSeconds,
      int prefillTokens,
      int decodeTokens,
      int[] requestIds,
      int[] requestTokens,
      Map<String, Double> operatorMs) {

    double endSeconds() {
      return startSeconds + stageSeconds;
    }

    int size() {
      return requestIds.length;
    }

    int tokens() {
      return prefillTokens + decodeTokens;
    }
  }

  static VidurRun of(VidurSimulation simulation, ExecutionTimePredictor predictor) {
    Stages stages = new Stages(predictor);
    VidurConfig.Metrics kept = simulation.metrics();
    VidurMetrics metrics =
        new VidurMetrics(
            simulation.workload(),
            simulation.spec().deployment(),
            predictor,
            new BatchWindow(
                kept.minBatchIndex() == null ? 0 : kept.minBatchIndex(),
                kept.maxBatchIndex() == null ? Long.MAX_VALUE : kept.maxBatchIndex()));
    Cluster cluster =
        Simulator.replay(
            simulation.spec(),
            simulation.workload(),
            simulation.arrivalSeconds(),
            predictor,
            stages.and(metrics));
    return new VidurRun(simulation.workload(), cluster, metrics, stages.byKey);
  }

  private static final class Stages implements Recorder {
    private final ExecutionTimePredictor predictor;
    private final Map<StageKey, Stage> byKey = new HashMap<>();

    Stages(ExecutionTimePredictor predictor) {
      this.predictor = predictor;
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
      int[] ids = new int[batch.size()];
      int[] tokens = new int[batch.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = batch.request(i).id();
        tokens[i] = batch.tokens(i);
      }
      Map<String, Double> operatorMs = new HashMap<>();
      predictor.operators(batch, stage, (name, ms, calls) -> operatorMs.put(name, ms));
      byKey.put(
          new StageKey(iteration.number(), stage),
          new Stage(
              iteration.replica(),
              iteration.scheduledSeconds(),
              startSeconds,
              modelSeconds,
              modelSeconds + hostSeconds,
              batch.prefillTokens(),
              batch.decodeTokens(),
              ids,
              tokens,
              operatorMs));
    }
  }
}
