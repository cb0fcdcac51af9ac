package io.plumbline.simulator.metrics;

import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.cluster.ReplicaShape;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.latency.ModelFlops;
import io.plumbline.trace.run.Utilization;
import io.plumbline.trace.run.UtilizationMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Measures how much of its replicas and stages a run uses. */
public final class UtilizationRecorder implements Recorder {
  private final IntFunction<ModelFlops> flops;
  private final boolean vidur;
  private final double clockStartSeconds;
  private List<ReplicaShape> replicas;

  /** By replica: where its first stage is among all. */
  private int[] firstStage;

  private Meter[] memory;
  private Meter[] busy;
  private Meter[] mfu;
  private double nowSeconds;

  /**
   * @param flops by replica
   * @param clockStartSeconds what the clock of the workload says when that of the run says 0; only
   *     Vidur's means depend on it
   */
  public UtilizationRecorder(
      IntFunction<ModelFlops> flops, Compatibility compatibility, double clockStartSeconds) {
    this.flops = flops;
    this.vidur = compatibility == Compatibility.VIDUR;
    this.clockStartSeconds = vidur ? clockStartSeconds : 0;
  }

  @Override
  public boolean wantsTokens() {
    return false;
  }

  @Override
  public boolean keepsRequests() {
    return false;
  }

  @Override
  public void clusterReady(int requests, List<ReplicaShape> shapes) {
    replicas = shapes;
    firstStage = new int[shapes.size()];
    int stages = 0;
    for (int replica = 0; replica < firstStage.length; replica++) {
      firstStage[replica] = stages;
      stages += shapes.get(replica).stages();
    }
    memory = new Meter[firstStage.length];
    busy = new Meter[stages];
    mfu = new Meter[stages];
  }

  @Override
  public void requestArrives(int request, double atSeconds) {
    if (memory[0] == null) {
      fill(memory, false, atSeconds);
      fill(busy, true, atSeconds);
      fill(mfu, true, atSeconds);
    }
    nowSeconds = atSeconds;
  }

  private void fill(Meter[] meters, boolean overTime, double startSeconds) {
    for (int i = 0; i < meters.length; i++) {
      meters[i] = vidur ? new VidurMeter(overTime) : new TimeWeightedMeter(startSeconds);
    }
  }

  @Override
  public void replicaScheduled(int replica, int batches, int kvBlocksUsed, double atSeconds) {
    nowSeconds = atSeconds;
    // Vidur looks only if there is a batch, though preemption alone changes the cache as well.
    if (batches > 0 || !vidur) {
      setMemory(replica, kvBlocksUsed, atSeconds);
    }
  }

  @Override
  public void batchEnds(IterationInFlight iteration, int kvBlocksUsed, double atSeconds) {
    setMemory(iteration.replica(), kvBlocksUsed, atSeconds);
  }

  @Override
  public void kvReserved(int replica, int kvBlocksUsed, double atSeconds) {
    setMemory(replica, kvBlocksUsed, atSeconds);
  }

  private void setMemory(int replica, int kvBlocksUsed, double atSeconds) {
    memory[replica].set(
        clockStartSeconds + atSeconds,
        kvBlocksUsed * 100 / (double) replicas.get(replica).kvBlocks());
  }

  @Override
  public void stageStarts(
      IterationInFlight iteration,
      int stage,
      double startSeconds,
      double modelSeconds,
      double hostSeconds,
      int kvBlocksUsed) {
    double seconds = clockStartSeconds + startSeconds;
    int index = firstStage[iteration.replica()] + stage;
    busy[index].set(seconds, 100);
    ModelFlops ofReplica = flops.apply(iteration.replica());
    double stageFlops = ofReplica.flops(iteration.batch(), stage);
    mfu[index].set(seconds, ofReplica.mfuPercent(stageFlops, modelSeconds + hostSeconds));
  }

  @Override
  public void stageEnds(
      IterationInFlight iteration, int stage, double startSeconds, double endSeconds) {
    nowSeconds = endSeconds;
    double seconds = clockStartSeconds + endSeconds;
    int index = firstStage[iteration.replica()] + stage;
    busy[index].set(seconds, 0);
    mfu[index].set(seconds, 0);
  }

  /**
   * The utilization by replica, of each first its memory, then by stage; asked once, at the end.
   */
  public List<Utilization> utilization() {
    List<Utilization> found = new ArrayList<>();
    int count = memory.length;
    for (int r = 0; r < count; r++) {
      // Vidur calls the first replica the last and the others by the number of the one before.
      int replica = vidur ? (r + 1) % count : r;
      int stages = replicas.get(replica).stages();
      found.add(of(r, null, UtilizationMetric.MEMORY, memory[replica]));
      for (int s = 0; s < stages; s++) {
        int stage = firstStage[replica] + (vidur ? (s + 1) % stages : s);
        found.add(of(r, s, UtilizationMetric.BUSY, busy[stage]));
        found.add(of(r, s, UtilizationMetric.MFU, mfu[stage]));
      }
    }
    return found;
  }

  private Utilization of(int replica, Integer stage, UtilizationMetric metric, Meter meter) {
    meter.end(clockStartSeconds + nowSeconds);
    return new Utilization(replica, stage, metric, meter.min(), meter.max(), meter.mean());
  }
}
