package io.plumbline.simulator.metrics;

import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.trace.workload.Request;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The columns of Vidur's {@code request_metrics.csv} (commit 7d47513) but for the id and the delay
 * since the arrival before, which is no request's own; times in seconds. "Normalized" ones are per
 * token, of the lengths that a restart leaves: what was generated until then counts as prompt.
 */
public enum VidurRequestMetric {
  REQUEST_E2E_TIME(r -> r.endSeconds() - r.arrivalSeconds()),
  REQUEST_E2E_TIME_NORMALIZED(r -> (r.endSeconds() - r.arrivalSeconds()) / outputTokens(r)),
  REQUEST_EXECUTION_TIME(RequestProgress::executionSeconds),
  REQUEST_EXECUTION_TIME_NORMALIZED(r -> r.executionSeconds() / outputTokens(r)),
  REQUEST_MODEL_EXECUTION_TIME(RequestProgress::modelExecutionSeconds),
  REQUEST_MODEL_EXECUTION_TIME_NORMALIZED(r -> r.modelExecutionSeconds() / outputTokens(r)),
  REQUEST_PREEMPTION_TIME(RequestProgress::preemptedSeconds),
  REQUEST_SCHEDULING_DELAY(r -> r.scheduledSeconds() - r.arrivalSeconds()),
  REQUEST_EXECUTION_PLUS_PREEMPTION_TIME(r -> r.executionSeconds() + r.preemptedSeconds()),
  REQUEST_EXECUTION_PLUS_PREEMPTION_TIME_NORMALIZED(
      r -> (r.executionSeconds() + r.preemptedSeconds()) / outputTokens(r)),
  PREFILL_E2E_TIME(r -> r.firstTokenSeconds() - r.arrivalSeconds()),
  PREFILL_TIME_EXECUTION_PLUS_PREEMPTION(r -> r.firstTokenSeconds() - r.scheduledSeconds()),
  PREFILL_TIME_EXECUTION_PLUS_PREEMPTION_NORMALIZED(
      r -> (r.firstTokenSeconds() - r.scheduledSeconds()) / r.promptTokens()),
  DECODE_TIME_EXECUTION_PLUS_PREEMPTION_NORMALIZED(
      r -> (r.endSeconds() - r.firstTokenSeconds()) / outputTokens(r)),
  REQUEST_NUM_RESTARTS(RequestProgress::preemptions),
  REQUEST_NUM_TOKENS(null, Request::totalTokens),
  REQUEST_NUM_PREFILL_TOKENS(null, Request::promptTokens),
  REQUEST_NUM_DECODE_TOKENS(null, Request::outputTokens),
  REQUEST_PD_RATIO(null, r -> (double) r.promptTokens() / r.outputTokens());

  private final ToDoubleFunction<RequestProgress> atEnd;
  private final ToDoubleFunction<Request> atArrival;

  VidurRequestMetric(ToDoubleFunction<RequestProgress> atEnd) {
    this(atEnd, null);
  }

  VidurRequestMetric(ToDoubleFunction<RequestProgress> atEnd, ToDoubleFunction<Request> atArrival) {
    this.atEnd = atEnd;
    this.atArrival = atArrival;
  }

  /** Name of the column. */
  public String columnName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether every request that arrived has it; if not, those that Vidur saw end. */
  boolean knownAtArrival() {
    return atArrival != null;
  }

  double of(Request request) {
    return atArrival.applyAsDouble(request);
  }

  double of(RequestProgress completed) {
    return atEnd.applyAsDouble(completed);
  }

  private static int outputTokens(RequestProgress request) {
    return request.maxTotalTokens() - request.promptTokens();
  }
}
