package io.plumbline.simulator.capacity;

import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.Recorder;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Gathers every value of every latency of one run, those of tokens included. */
public final class LatencyRecorder implements Recorder {
  private static final int FIRST_GAPS = 1024;

  private final double[] lastTokenSeconds;
  private double[] gaps = new double[FIRST_GAPS];
  private int gapCount;

  public LatencyRecorder(int requests) {
    this.lastTokenSeconds = new double[requests];
    Arrays.fill(lastTokenSeconds, Double.NaN);
  }

  @Override
  public void token(int request, double atSeconds) {
    double gap = atSeconds - lastTokenSeconds[request];
    lastTokenSeconds[request] = atSeconds;
    if (Double.isNaN(gap)) {
      return;
    }
    if (gapCount == gaps.length) {
      gaps = Arrays.copyOf(gaps, gapCount * 2);
    }
    gaps[gapCount++] = gap;
  }

  /** Values in seconds of those requests, or gaps, that have one; in no particular order. */
  public double[] seconds(LatencyMetric metric, Cluster cluster) {
    if (metric == LatencyMetric.TBT) {
      return Arrays.copyOf(gaps, gapCount);
    }
    return IntStream.range(0, cluster.requests())
        .mapToObj(cluster::request)
        .filter(request -> metric != LatencyMetric.TPOT || request.producedTokens() > 1)
        .mapToDouble(metric::seconds)
        .filter(Double::isFinite)
        .toArray();
  }

  /** Output tokens per second of the run, from the first arrival to the last completion. */
  public static double tokensPerSecond(Cluster cluster) {
    long tokens = 0;
    double end = 0;
    for (int r = 0; r < cluster.requests(); r++) {
      RequestProgress request = cluster.request(r);
      if (request.completed()) {
        tokens += request.producedTokens();
        end = Math.max(end, request.endSeconds());
      }
    }
    return end > 0 ? tokens / end : 0;
  }
}
