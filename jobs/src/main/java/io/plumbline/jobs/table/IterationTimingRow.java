package io.plumbline.jobs.table;

import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RunManifest;

/** A row of the table {@code iteration_timing}: one forward pass of a batch on one stage. */
public record IterationTimingRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("replica, from 0") int replica,
    @Column("pipeline stage, from 0") int stage,
    @Column("number of the batch in its run, from 0; the same on all its stages") long iteration,
    @Column("start, from the start of the run; ns") long startNs,
    @Column("how long the stage was busy with it; ns") long durationNs,
    @Column("requests in the batch") int batchSize,
    @Column("prompt tokens processed; tokens") int prefillTokens,
    @Column("tokens of requests in decode, one each; tokens") int decodeTokens,
    @Column(
            value = "KV blocks allocated on the replica when the stage started; blocks",
            absent = "unknown")
        Integer kvBlocksUsed,
    @Column(
            value = "the batch was formed, from the start of the run; ns",
            absent = "unknown, such as for measured runs")
        Long scheduledNs,
    @Column(
            value = "part of duration_ns that the devices wait for the host; ns",
            absent = "unknown, such as for measured runs")
        Long hostNs,
    @Column(
            value = "arithmetic of the model, on all devices of the stage together; FLOPs",
            absent = "unknown, such as for measured runs")
        Double modelFlops,
    @Column(
            value = "model_flops of the devices' peak over duration_ns; %",
            absent = "unknown, such as for measured runs")
        Double mfuPercent,
    @Column(value = "part in which the batch was formed; ns", absent = "unknown or simulated")
        Long scheduleNs,
    @Column(
            value = "part in which its tensors went to the device; ns",
            absent = "unknown or simulated")
        Long prepareNs,
    @Column(value = "part in which the model ran; ns", absent = "unknown or simulated")
        Long forwardNs,
    @Column(
            value = "part in which the next tokens were chosen and read back; ns",
            absent = "unknown or simulated")
        Long sampleNs) {

  /** The row of one iteration. */
  public static IterationTimingRow of(RunManifest run, IterationTiming iteration) {
    return new IterationTimingRow(
        RunRow.partitionValue(run.origin()),
        run.runId(),
        iteration.replica(),
        iteration.stage(),
        iteration.iteration(),
        iteration.startNanos(),
        iteration.durationNanos(),
        iteration.batchSize(),
        iteration.prefillTokens(),
        iteration.decodeTokens(),
        iteration.kvBlocksUsed(),
        iteration.scheduledNanos(),
        iteration.hostNanos(),
        iteration.modelFlops(),
        iteration.mfuPercent(),
        iteration.scheduleNanos(),
        iteration.prepareNanos(),
        iteration.forwardNanos(),
        iteration.sampleNanos());
  }
}
