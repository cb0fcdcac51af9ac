package io.plumbline.jobs.table;

/** A row of the table {@code error_summary}: one statistic of one metric in a comparison. */
public record ErrorSummaryRow(
    @Column("content hash of the two run ids, the thresholds and the policy for partial requests")
        String comparisonId,
    @Column("the run that is taken as the truth") String referenceRunId,
    @Column("the run that is judged") String simulatedRunId,
    @Column("content hash of the workload both ran") String workloadId,
    @Column(
            "ttft, tpot, e2e, tbt (gaps between tokens), or token_latency (tbt with a 0 for each"
                + " request's first token, as some tools publish it)")
        String metric,
    @Column("mean, p50, p90, p95 or p99; percentiles are exact, linearly interpolated")
        String statistic,
    @Column("statistic of the reference run; ns") double referenceNs,
    @Column("statistic of the simulated run; ns") double simulatedNs,
    @Column(
            value = "100 * (simulated - reference) / reference; %",
            absent = "the reference is 0 and the simulated value is not")
        Double percentError,
    @Column("PASS, WARN or FAIL by the size of the percent error") String verdict,
    @Column("values on each side: requests, or tokens of tbt and token_latency") long samples,
    @Column("largest size of the percent error that passes; %") double passPercent,
    @Column("largest size of the percent error that only warns; %") double warnPercent,
    @Column("requests left out because a side did not finish them") int droppedRequests) {}
