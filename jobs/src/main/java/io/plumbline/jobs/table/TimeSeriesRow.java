package io.plumbline.jobs.table;

/** A row of the view {@code time_series}: a count that only grows. */
public record TimeSeriesRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column(
            "request_arrival and request_completion count requests, prefill_completion prompt"
                + " tokens at the first token of their request, decode_completion rows of"
                + " decode_token_time")
        String series,
    @Column("when, from the start of the run; ns") long timeNs,
    @Column("requests or tokens until then, this row included") long total) {}
