package io.plumbline.jobs.table;

/** A row of the view {@code decode_token_time}: how long a token took after the one before. */
public record DecodeTokenTimeRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("position of the request in the workload, from 0") int requestId,
    @Column("position of the token in the output, from 1") int tokenIndex,
    @Column("the token was there, from the start of the run; ns") long tokenNs,
    @Column("gap to the token before it, that of a restart included; ns")
        long decodeTokenExecutionPlusPreemptionTimeNs) {}
