package io.plumbline.trace.workload;

import io.plumbline.trace.Sha256;
import java.io.Serializable;
import java.util.List;

/**
 * An ordered list of requests, the input of simulators and real engines alike. Ids are the
 * positions 0…n-1 and arrivals never fall, so every reader may rely on the order.
 *
 * @see #workloadId()
 */
public final class Workload implements Serializable {
  private static final long serialVersionUID = 1;

  private final List<Request> requests;
  private final String workloadId;

  /**
   * @param requests in arrival order with ids 0…n-1; copied
   * @throws IllegalArgumentException naming the first request that breaks the order
   */
  public Workload(List<Request> requests) {
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("a workload needs at least one request");
    }
    long previousNanos = 0;
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      if (request.id() != i) {
        throw new IllegalArgumentException(
            "Request id (%d) at position %d: ids must be 0, 1, 2, … in order"
                .formatted(request.id(), i));
      }
      if (request.arrivalNanos() < previousNanos) {
        throw new IllegalArgumentException(
            "Request (%d) arrives at %d ns, before its predecessor at %d ns. Maybe sort the requests by arrival."
                .formatted(i, request.arrivalNanos(), previousNanos));
      }
      previousNanos = request.arrivalNanos();
    }
    this.requests = List.copyOf(requests);
    this.workloadId = "w" + contentHash(this.requests);
  }

  private static String contentHash(List<Request> requests) {
    Sha256 sha = new Sha256().putLong(requests.size());
    for (Request r : requests) {
      sha.putLong(r.arrivalNanos()).putLong(r.promptTokens()).putLong(r.outputTokens());
      PromptBlocks blocks = r.promptBlocks();
      sha.putLong(blocks == null ? -1 : blocks.blocks());
      if (blocks != null) {
        sha.putLong(blocks.blockTokens());
        for (int b = 0; b < blocks.blocks(); b++) {
          sha.putLong(blocks.hash(b));
        }
      }
      sha.putText(r.priority() == null ? "" : r.priority().toString());
      // A flag first: no session is not the same as one with an empty name.
      sha.putLong(r.session() == null ? 0 : 1).putText(r.session() == null ? "" : r.session());
    }
    return sha.shortHex();
  }

  /** The same requests, all arriving at the start. */
  public Workload allAtStart() {
    return new Workload(requests.stream().map(r -> arrivingAt(r, 0)).toList());
  }

  /**
   * Mean rate of the arrivals from the first to the last: arrivals but one / time between them;
   * 1/s.
   *
   * @throws IllegalArgumentException if all requests arrive at once, or there is only one
   */
  public double requestsPerSecond() {
    long spanNanos = request(size() - 1).arrivalNanos() - request(0).arrivalNanos();
    if (spanNanos == 0) {
      throw new IllegalArgumentException(
          "the requests of the workload (%d) arrive all at once, so they have no rate. Maybe give it arrivals over time."
              .formatted(size()));
    }
    return (size() - 1) / (spanNanos / 1e9);
  }

  /**
   * The same requests with their arrivals stretched or squeezed to another mean rate: the first one
   * arrives when it did, the time between any two changes by the same factor.
   *
   * @param requestsPerSecond the rate by {@link #requestsPerSecond()}, but for rounding to ns
   */
  public Workload paced(double requestsPerSecond) {
    if (!(requestsPerSecond > 0) || Double.isInfinite(requestsPerSecond)) {
      throw new IllegalArgumentException(
          "requestsPerSecond (%s) must be positive".formatted(requestsPerSecond));
    }
    double factor = requestsPerSecond() / requestsPerSecond;
    long firstNanos = request(0).arrivalNanos();
    return new Workload(
        requests.stream()
            .map(
                r ->
                    arrivingAt(
                        r, firstNanos + Math.round((r.arrivalNanos() - firstNanos) * factor)))
            .toList());
  }

  private static Request arrivingAt(Request r, long arrivalNanos) {
    return new Request(
        r.id(),
        arrivalNanos,
        r.promptTokens(),
        r.outputTokens(),
        r.promptBlocks(),
        r.priority(),
        r.session());
  }

  public List<Request> requests() {
    return requests;
  }

  public int size() {
    return requests.size();
  }

  public Request request(int id) {
    return requests.get(id);
  }

  /** Content hash over every field of every request; the same requests have the same id. */
  public String workloadId() {
    return workloadId;
  }

  /** Longest context that any request reaches, in tokens. */
  public long maxTotalTokens() {
    long max = 0;
    for (Request request : requests) {
      max = Math.max(max, request.totalTokens());
    }
    return max;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Workload that && requests.equals(that.requests);
  }

  @Override
  public int hashCode() {
    return workloadId.hashCode();
  }

  @Override
  public String toString() {
    return "Workload[%s, %d requests]".formatted(workloadId, requests.size());
  }
}
