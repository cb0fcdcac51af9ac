package io.plumbline.trace.run;

import io.plumbline.trace.workload.Workload;
import java.io.Serializable;
import java.util.List;

/**
 * What a run produced, simulated or measured: the same thing either way.
 *
 * @param requests one timing per request of the workload, in its order
 * @param iterations the iterations by start of their stage; empty if they were not recorded
 * @param tokens the time of every output token; null if they were not recorded
 * @param attempts the sendings to a server, in the order of requests; empty if there was no network
 * @param iterationRequests the requests of every iteration; null if they were not recorded
 * @param operators the operators by start of their stage; empty if they were not recorded
 * @param utilization how much of replicas and stages was in use; empty if unknown
 * @param extrapolatedFraction share of the predicted time that lies outside of what was measured;
 *     null if nothing was predicted
 * @param pools replicas and transfers of a cluster of pools
 */
public record RunTrace(
    List<RequestTiming> requests,
    List<IterationTiming> iterations,
    TokenTimes tokens,
    List<RequestAttempt> attempts,
    IterationRequests iterationRequests,
    List<OperatorTime> operators,
    List<Utilization> utilization,
    Double extrapolatedFraction,
    PoolTrace pools)
    implements Serializable {

  public RunTrace {
    requests = List.copyOf(requests);
    iterations = List.copyOf(iterations);
    attempts = List.copyOf(attempts);
    operators = List.copyOf(operators);
    utilization = List.copyOf(utilization);
    for (int i = 0; i < requests.size(); i++) {
      if (requests.get(i).requestId() != i) {
        throw new IllegalArgumentException(
            "Request (%d) stands at position %d of the run trace"
                .formatted(requests.get(i).requestId(), i));
      }
    }
    if (tokens != null && tokens.requests() != requests.size()) {
      throw new IllegalArgumentException(
          "token times of %d requests for %d requests"
              .formatted(tokens.requests(), requests.size()));
    }
  }

  /** Of a cluster of equal replicas. */
  public RunTrace(
      List<RequestTiming> requests,
      List<IterationTiming> iterations,
      TokenTimes tokens,
      List<RequestAttempt> attempts,
      IterationRequests iterationRequests,
      List<OperatorTime> operators,
      List<Utilization> utilization,
      Double extrapolatedFraction) {
    this(
        requests,
        iterations,
        tokens,
        attempts,
        iterationRequests,
        operators,
        utilization,
        extrapolatedFraction,
        PoolTrace.NONE);
  }

  /** What is known of a measured run without a network. */
  public RunTrace(
      List<RequestTiming> requests, List<IterationTiming> iterations, TokenTimes tokens) {
    this(requests, iterations, tokens, List.of());
  }

  /** What is known of a measured run. */
  public RunTrace(
      List<RequestTiming> requests,
      List<IterationTiming> iterations,
      TokenTimes tokens,
      List<RequestAttempt> attempts) {
    this(requests, iterations, tokens, attempts, null, List.of(), List.of(), null);
  }

  /**
   * Checks that every request of the workload is accounted for, with its own arrival and lengths.
   *
   * @throws IllegalStateException naming the first request that is not
   */
  public RunTrace requireAccountsFor(Workload workload) {
    if (requests.size() != workload.size()) {
      throw new IllegalStateException(
          "the run has %d requests, its workload %d".formatted(requests.size(), workload.size()));
    }
    for (RequestTiming timing : requests) {
      var request = workload.request(timing.requestId());
      if (timing.arrivalNanos() != request.arrivalNanos()
          || timing.promptTokens() != request.promptTokens()
          || timing.outputTokens() != request.outputTokens()) {
        throw new IllegalStateException(
            "Request (%d) of the run is not the one of the workload: %s, %s"
                .formatted(timing.requestId(), timing, request));
      }
    }
    return this;
  }

  /** How many requests ended in an outcome. */
  public int count(RequestOutcome outcome) {
    int count = 0;
    for (RequestTiming request : requests) {
      if (request.outcome() == outcome) {
        count++;
      }
    }
    return count;
  }
}
