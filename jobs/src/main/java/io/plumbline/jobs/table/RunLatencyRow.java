package io.plumbline.jobs.table;

/** A row of the view {@code run_latency}: percentiles of one run. */
public record RunLatencyRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("requests of the run, whatever became of them") long requests,
    @Column(value = "median time to first token; ns", absent = "no request has it")
        Double ttftP50Ns,
    @Column(value = "90th percentile; ns", absent = "no request has it") Double ttftP90Ns,
    @Column(value = "99th percentile; ns", absent = "no request has it") Double ttftP99Ns,
    @Column(
            value = "median time per output token after the first; ns",
            absent = "no request has it")
        Double tpotP50Ns,
    @Column(value = "90th percentile; ns", absent = "no request has it") Double tpotP90Ns,
    @Column(value = "99th percentile; ns", absent = "no request has it") Double tpotP99Ns,
    @Column(value = "median time from arrival to end; ns", absent = "no request has it")
        Double e2eP50Ns,
    @Column(value = "90th percentile; ns", absent = "no request has it") Double e2eP90Ns,
    @Column(value = "99th percentile; ns", absent = "no request has it") Double e2eP99Ns,
    @Column(value = "median time from arrival to first scheduled; ns", absent = "no request has it")
        Double queueingP50Ns,
    @Column(value = "90th percentile; ns", absent = "no request has it") Double queueingP90Ns,
    @Column(value = "99th percentile; ns", absent = "no request has it") Double queueingP99Ns) {}
