package io.plumbline.jobs.table;

import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunManifest;

/** A row of the table {@code request_timing}: one request of a run. */
public record RequestTimingRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("content hash of the workload") String workloadId,
    @Column("position in the workload, from 0") int requestId,
    @Column(value = "replica that served it, from 0", absent = "it never reached one")
        Integer replica,
    @Column("arrival, from the start of the run; ns") long arrivalNs,
    @Column(value = "start of its first iteration; ns", absent = "never scheduled or unknown")
        Long scheduledNs,
    @Column(value = "its first output token was there; ns", absent = "no token was produced")
        Long firstTokenNs,
    @Column(value = "its last output token was there; ns", absent = "never reached") Long endNs,
    @Column("tokens to prefill; tokens") int promptTokens,
    @Column("output tokens asked for, the first included; tokens") int outputTokens,
    @Column("output tokens really produced; tokens") int producedTokens,
    @Column("how often it lost its KV cache and started over") int preemptions,
    @Column("COMPLETED, REJECTED, UNFINISHED or FAILED") String outcome,
    @Column(value = "time to first token, queueing included; ns", absent = "no token was produced")
        Long ttftNs,
    @Column(
            value = "time per output token after the first; ns",
            absent = "one token, or never ended")
        Double tpotNs,
    @Column(value = "arrival to end; ns", absent = "never ended") Long e2eNs,
    @Column(value = "arrival to first scheduled; ns", absent = "never scheduled or unknown")
        Long queueingNs,
    @Column(
            value = "stages were busy with its batches, each stage of each counted whole; ns",
            absent = "never scheduled, or measured")
        Long executionNs,
    @Column(
            value = "execution_ns without the time of the host; ns",
            absent = "never scheduled, or measured")
        Long modelExecutionNs,
    @Column(
            value = "no stage was busy with it, from the start of its first stage on; ns",
            absent = "never scheduled, or measured")
        Long preemptedNs,
    @Column(
            value = "the engine took notice of it, which a busy one does between iterations; ns",
            absent = "unknown: as good as its arrival")
        Long queuedNs) {

  /** The row of one request; its metrics are those of {@link RequestTiming}. */
  public static RequestTimingRow of(RunManifest run, RequestTiming request) {
    return new RequestTimingRow(
        RunRow.partitionValue(run.origin()),
        run.runId(),
        run.workloadId(),
        request.requestId(),
        request.replica(),
        request.arrivalNanos(),
        request.scheduledNanos(),
        request.firstTokenNanos(),
        request.endNanos(),
        request.promptTokens(),
        request.outputTokens(),
        request.producedTokens(),
        request.preemptions(),
        request.outcome().name(),
        request.ttftNanos(),
        request.tpotNanos(),
        request.e2eNanos(),
        request.queueingNanos(),
        request.executionNanos(),
        request.modelExecutionNanos(),
        request.preemptedNanos(),
        request.queuedNanos());
  }
}
