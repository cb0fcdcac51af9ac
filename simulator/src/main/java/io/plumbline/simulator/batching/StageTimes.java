package io.plumbline.simulator.batching;

import java.util.Arrays;

/**
 * How long stages were busy with a batch and how long it waited before each, in seconds and in that
 * order: to be added to the sums of its requests later, with the same bits as at once.
 */
final class StageTimes {
  private double[] waitSeconds = new double[16];
  private double[] stageSeconds = new double[16];
  private double[] modelSeconds = new double[16];
  private int started;
  private int ended;
  private double lastEndSeconds = Double.NaN;

  boolean isEmpty() {
    return started == 0;
  }

  /** Says when the stage before ended. */
  void beginAt(double seconds) {
    lastEndSeconds = seconds;
  }

  /** End of the stage that ended last. */
  double lastEndSeconds() {
    return lastEndSeconds;
  }

  void stageStarts(double nowSeconds) {
    if (started == waitSeconds.length) {
      int capacity = started * 2;
      waitSeconds = Arrays.copyOf(waitSeconds, capacity);
      stageSeconds = Arrays.copyOf(stageSeconds, capacity);
      modelSeconds = Arrays.copyOf(modelSeconds, capacity);
    }
    waitSeconds[started++] = nowSeconds - lastEndSeconds;
  }

  void stageEnds(double nowSeconds, double itsStageSeconds, double itsModelSeconds) {
    stageSeconds[ended] = itsStageSeconds;
    modelSeconds[ended++] = itsModelSeconds;
    lastEndSeconds = nowSeconds;
  }

  /** A sum of one request with the times that stages were busy. */
  double addBusy(double sum) {
    return added(sum, stageSeconds, ended);
  }

  /** A sum of one request with the times of the model. */
  double addModel(double sum) {
    return added(sum, modelSeconds, ended);
  }

  /** A sum of one request with the times of waiting. */
  double addWaits(double sum) {
    return added(sum, waitSeconds, started);
  }

  private static double added(double sum, double[] terms, int count) {
    double total = sum;
    for (int k = 0; k < count; k++) {
      total += terms[k];
    }
    return total;
  }

  /** The same for many requests at once. */
  void addTo(double[] busy, double[] model, double[] waits) {
    addTo(busy, stageSeconds, ended);
    addTo(model, modelSeconds, ended);
    addTo(waits, waitSeconds, started);
  }

  /** Requests innermost: their sums do not depend on each other, so processors add several. */
  private static void addTo(double[] sums, double[] terms, int count) {
    for (int k = 0; k < count; k++) {
      double term = terms[k];
      for (int i = 0; i < sums.length; i++) {
        sums[i] += term;
      }
    }
  }
}
