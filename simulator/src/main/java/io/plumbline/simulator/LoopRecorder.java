package io.plumbline.simulator;

import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import java.util.Arrays;

/** Notes of each request when it was sent and when its first and last token came. */
final class LoopRecorder implements Recorder {
  private final PoolModels models;
  private final double[] sent;
  private final double[] first;
  private final double[] last;
  private final int[] tokens;
  private double modelSeconds;
  private double extrapolatedSeconds;

  LoopRecorder(int requests, PoolModels models) {
    this.models = models;
    this.sent = unknown(requests);
    this.first = unknown(requests);
    this.last = unknown(requests);
    this.tokens = new int[requests];
  }

  private static double[] unknown(int requests) {
    double[] seconds = new double[requests];
    Arrays.fill(seconds, Double.NaN);
    return seconds;
  }

  @Override
  public boolean keepsRequests() {
    return false;
  }

  @Override
  public void requestArrives(int request, double atSeconds) {
    sent[request] = atSeconds;
  }

  @Override
  public void token(int request, double atSeconds) {
    if (tokens[request]++ == 0) {
      first[request] = atSeconds;
    }
    last[request] = atSeconds;
  }

  @Override
  public void stageStarts(
      IterationInFlight iteration,
      int stage,
      double startSeconds,
      double stageModelSeconds,
      double hostSeconds,
      int kvBlocksUsed) {
    modelSeconds += stageModelSeconds;
    extrapolatedSeconds +=
        models.predictor(iteration.replica()).extrapolatedSeconds(iteration.batch(), stage);
  }

  LoopTimes times() {
    double[] ttft = new double[sent.length];
    double[] tpot = new double[sent.length];
    for (int i = 0; i < sent.length; i++) {
      ttft[i] = first[i] - sent[i];
      tpot[i] = tokens[i] > 1 ? (last[i] - first[i]) / (tokens[i] - 1) : Double.NaN;
    }
    return new LoopTimes(ttft, tpot, modelSeconds > 0 ? extrapolatedSeconds / modelSeconds : 0);
  }
}
