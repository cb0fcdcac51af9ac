package io.plumbline.jobs.table;

/** A row of the view {@code kv_pressure}: how full the KV cache of one run was. */
public record KvPressureRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("replicas whose memory is known") long replicas,
    @Column(
            value = "KV blocks in use of all, mean over time and replicas; %",
            absent = "unknown, such as for measured runs")
        Double kvMeanPercent,
    @Column(
            value = "highest share on any replica; %",
            absent = "unknown, such as for measured runs")
        Double kvMaxPercent,
    @Column("requests that lost their KV cache at least once") long preemptedRequests,
    @Column("how often that was") long preemptions,
    @Column(
            value = "99th percentile of arrival to first scheduled; ns",
            absent = "no request has it")
        Double queueingP99Ns) {}
