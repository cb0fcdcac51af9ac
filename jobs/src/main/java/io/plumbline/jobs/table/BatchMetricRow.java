package io.plumbline.jobs.table;

/** A row of the view {@code batch_metric}: one batch from its forming to its end. */
public record BatchMetricRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("replica, from 0") int replica,
    @Column("the iteration; see iteration_timing") long iteration,
    @Column(value = "the batch was formed, from the start of the run; ns", absent = "unknown")
        Long scheduledNs,
    @Column("its last stage was done, from the start of the run; ns") long endNs,
    @Column(
            value = "from its forming to its end, waiting between stages included; ns",
            absent = "scheduled_ns is unknown")
        Long batchExecutionTimeNs,
    @Column("tokens processed; tokens") int batchNumTokens,
    @Column("those of prompts; tokens") int batchNumPrefillTokens,
    @Column("those of requests in decode, one each; tokens") int batchNumDecodeTokens,
    @Column("requests in the batch") int batchSize) {}
