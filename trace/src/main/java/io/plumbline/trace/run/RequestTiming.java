package io.plumbline.trace.run;

import java.io.Serializable;

/**
 * The fate of one request: its times in ns from the start of the run, and the metrics that follow
 * from them. These methods are the one definition of each metric, for simulated and measured runs
 * alike (docs/metrics.md). A time that was never reached is null, and so is a metric that needs it.
 *
 * @param requestId position in the workload
 * @param replica replica that served it; null if it never reached one
 * @param arrivalNanos arrival
 * @param scheduledNanos start of the first iteration it took part in
 * @param firstTokenNanos end of the iteration that produced its first output token
 * @param endNanos end of the iteration that produced its last output token
 * @param promptTokens tokens to prefill
 * @param outputTokens output tokens asked for, the first included
 * @param producedTokens output tokens really produced
 * @param preemptions how often it lost its KV cache and started over
 * @param executionNanos time that stages were busy with its batches, each stage of each iteration
 *     counted whole; null if unknown or if it never ran
 * @param modelExecutionNanos the same without the time of the host; null likewise
 * @param preemptedNanos time from its first stage on that no stage was busy with it; null likewise
 * @param queuedNanos when the engine took notice of it, which an engine that is busy does only
 *     between two iterations; null if unknown
 */
public record RequestTiming(
    int requestId,
    Integer replica,
    long arrivalNanos,
    Long scheduledNanos,
    Long firstTokenNanos,
    Long endNanos,
    int promptTokens,
    int outputTokens,
    int producedTokens,
    int preemptions,
    RequestOutcome outcome,
    Long executionNanos,
    Long modelExecutionNanos,
    Long preemptedNanos,
    Long queuedNanos)
    implements Serializable {

  public RequestTiming {
    requireOrder(requestId, "queuedNanos", queuedNanos, "arrivalNanos", arrivalNanos);
    requireOrder(requestId, "scheduledNanos", scheduledNanos, "queuedNanos", queuedNanos);
    requireOrder(requestId, "scheduledNanos", scheduledNanos, "arrivalNanos", arrivalNanos);
    requireOrder(requestId, "firstTokenNanos", firstTokenNanos, "scheduledNanos", scheduledNanos);
    requireOrder(requestId, "firstTokenNanos", firstTokenNanos, "arrivalNanos", arrivalNanos);
    requireOrder(requestId, "endNanos", endNanos, "firstTokenNanos", firstTokenNanos);
    requireOrder(requestId, "endNanos", endNanos, "scheduledNanos", scheduledNanos);
    requireOrder(requestId, "endNanos", endNanos, "arrivalNanos", arrivalNanos);
    if (outcome == RequestOutcome.COMPLETED && endNanos == null) {
      throw new IllegalArgumentException(
          "Request (%d) is COMPLETED but has no endNanos".formatted(requestId));
    }
    requireDuration(requestId, "executionNanos", executionNanos);
    requireDuration(requestId, "modelExecutionNanos", modelExecutionNanos);
    requireDuration(requestId, "preemptedNanos", preemptedNanos);
  }

  /** A request of which nobody knows when stages were busy with it. */
  public RequestTiming(
      int requestId,
      Integer replica,
      long arrivalNanos,
      Long scheduledNanos,
      Long firstTokenNanos,
      Long endNanos,
      int promptTokens,
      int outputTokens,
      int producedTokens,
      int preemptions,
      RequestOutcome outcome) {
    this(
        requestId,
        replica,
        arrivalNanos,
        scheduledNanos,
        firstTokenNanos,
        endNanos,
        promptTokens,
        outputTokens,
        producedTokens,
        preemptions,
        outcome,
        null,
        null,
        null,
        null);
  }

  private static void requireOrder(
      int requestId, String laterName, Long later, String earlierName, Long earlier) {
    if (later != null && earlier != null && later < earlier) {
      throw new IllegalArgumentException(
          "Request (%d): %s (%d) is before its %s (%d)"
              .formatted(requestId, laterName, later, earlierName, earlier));
    }
  }

  private static void requireDuration(int requestId, String name, Long nanos) {
    if (nanos != null && nanos < 0) {
      throw new IllegalArgumentException(
          "Request (%d): %s (%d) must not be negative".formatted(requestId, name, nanos));
    }
  }

  /** Time to first token: first token - arrival, queueing included. */
  public Long ttftNanos() {
    return minus(firstTokenNanos, arrivalNanos);
  }

  /** Time per output token: (end - first token) / (output tokens - 1); null with one token. */
  public Double tpotNanos() {
    if (endNanos == null || firstTokenNanos == null || producedTokens <= 1) {
      return null;
    }
    return (double) (endNanos - firstTokenNanos) / (producedTokens - 1);
  }

  /** TTFT by the engine's clock, as vLLM has it: first token - queued, or arrival if unknown. */
  public Long engineTtftNanos() {
    return minus(firstTokenNanos, queuedNanos == null ? arrivalNanos : queuedNanos);
  }

  /** End-to-end latency by the engine's clock: end - queued, or arrival if unknown. */
  public Long engineE2eNanos() {
    return minus(endNanos, queuedNanos == null ? arrivalNanos : queuedNanos);
  }

  /** End-to-end latency: end - arrival. */
  public Long e2eNanos() {
    return minus(endNanos, arrivalNanos);
  }

  /** Scheduling delay: first scheduled - arrival. */
  public Long queueingNanos() {
    return minus(scheduledNanos, arrivalNanos);
  }

  private static Long minus(Long later, long earlier) {
    return later == null ? null : later - earlier;
  }
}
