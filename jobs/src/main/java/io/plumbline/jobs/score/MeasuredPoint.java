package io.plumbline.jobs.score;

import io.plumbline.trace.workload.Workload;

/**
 * A point of a grid that someone measured, or that another simulator predicted.
 *
 * @param name what the source calls it
 * @param device as the source calls it
 * @param load what was asked of it
 * @param workload its requests; null if only their number and means are known
 * @param latencies what came out
 */
record MeasuredPoint(
    String name,
    String device,
    Deployed deployed,
    Load load,
    Workload workload,
    Latencies latencies) {

  /** What served it. */
  record Deployed(String model, int replicas, int tensorParallel, int pipelineParallel) {}

  /**
   * An open loop.
   *
   * @param requests null if unknown, as the tokens, which are means
   */
  record Load(
      double requestsPerSecond, Integer requests, Integer promptTokens, Integer outputTokens) {}

  /** The same with the requests that were really sent. */
  MeasuredPoint with(Workload sent) {
    return new MeasuredPoint(name, device, deployed, load, sent, latencies);
  }
}
