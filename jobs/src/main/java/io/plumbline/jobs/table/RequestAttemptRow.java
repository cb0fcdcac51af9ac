package io.plumbline.jobs.table;

import io.plumbline.trace.run.RequestAttempt;
import io.plumbline.trace.run.RunManifest;
import java.util.Locale;

/** A row of the table {@code request_attempt}: one sending of a request to a server. */
public record RequestAttemptRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("position of the request in the workload, from 0") int requestId,
    @Column("number of the sending, from 0; above 0 it is a retry") int attempt,
    @Column("when it was to be sent, from the start of the run; ns") long plannedNs,
    @Column(value = "its body was handed to the socket; ns", absent = "no connection came about")
        Long sentNs,
    @Column("it was over, however it ended; ns") long endNs,
    @Column(value = "sent - planned: how late the client was; ns", absent = "nothing was sent")
        Long clientDelayNs,
    @Column(value = "status of the response", absent = "there was no response") Integer httpStatus,
    @Column("chunks of the stream that carried tokens") int chunks,
    @Column(value = "prompt tokens as the server counted; tokens", absent = "it did not say")
        Integer promptTokens,
    @Column(value = "output tokens as the server counted; tokens", absent = "it did not say")
        Integer completionTokens,
    @Column(
            value =
                "reported: the server said how many tokens each chunk carried; assumed: one each;"
                    + " spread: evenly, because the server counted another number",
            absent = "no tokens came")
        String tokenSource,
    @Column(value = "what went wrong", absent = "nothing") String error) {

  /** The row of one attempt. */
  public static RequestAttemptRow of(RunManifest run, RequestAttempt attempt) {
    return new RequestAttemptRow(
        RunRow.partitionValue(run.origin()),
        run.runId(),
        attempt.requestId(),
        attempt.attempt(),
        attempt.plannedNanos(),
        attempt.sentNanos(),
        attempt.endNanos(),
        attempt.clientDelayNanos(),
        attempt.httpStatus(),
        attempt.chunks(),
        attempt.promptTokens(),
        attempt.completionTokens(),
        attempt.tokenSource() == null
            ? null
            : attempt.tokenSource().name().toLowerCase(Locale.ROOT),
        attempt.error());
  }
}
