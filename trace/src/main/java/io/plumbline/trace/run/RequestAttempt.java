package io.plumbline.trace.run;

import java.io.Serializable;

/**
 * One sending of a request to a server over a network, as the client saw it: how late it left, what
 * the server said about it and how it ended. Times are ns from the start of the run.
 *
 * @param requestId position in the workload
 * @param attempt number of the sending, from 0; above 0 it is a retry
 * @param plannedNanos when it was to leave: the arrival, or for a retry the end of its delay
 * @param sentNanos when its body was handed to the socket; null if no connection came about
 * @param endNanos when it was over, however it ended
 * @param httpStatus status of the response; null if there was none
 * @param chunks chunks of the stream that carried tokens
 * @param promptTokens prompt tokens as the server counted them; null if it did not say
 * @param completionTokens output tokens as the server counted them; null if it did not say
 * @param tokenSource how tokens were told from chunks; null without tokens
 * @param error what went wrong; null if nothing did
 */
public record RequestAttempt(
    int requestId,
    int attempt,
    long plannedNanos,
    Long sentNanos,
    long endNanos,
    Integer httpStatus,
    int chunks,
    Integer promptTokens,
    Integer completionTokens,
    TokenSource tokenSource,
    String error)
    implements Serializable {

  /** How the time of each token follows from the chunks of a stream. */
  public enum TokenSource {
    /** The server said with each chunk how many tokens it carried. */
    REPORTED,
    /** One token per chunk with content was assumed, and the server's count does not object. */
    ASSUMED,
    /**
     * The server's count is another than that of its chunks: tokens are spread evenly over them.
     */
    SPREAD
  }

  public RequestAttempt {
    if (sentNanos != null && sentNanos < plannedNanos) {
      throw new IllegalArgumentException(
          "Request (%d): sentNanos (%d) is before its plannedNanos (%d)"
              .formatted(requestId, sentNanos, plannedNanos));
    }
    if (endNanos < plannedNanos) {
      throw new IllegalArgumentException(
          "Request (%d): endNanos (%d) is before its plannedNanos (%d)"
              .formatted(requestId, endNanos, plannedNanos));
    }
  }

  /** How late the client was, connecting included: sent - planned; null if nothing was sent. */
  public Long clientDelayNanos() {
    return sentNanos == null ? null : (Long) (sentNanos - plannedNanos);
  }
}
