package io.plumbline.jobs.table;

/** A row of the view {@code pool_utilization}: how much of a pool a run used. */
public record PoolUtilizationRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("name of the pool") String pool,
    @Column("prefill, decode or mixed") String role,
    @Column("replicas of the pool") long replicas,
    @Column("memory, busy or mfu; see utilization") String metric,
    @Column("mean over replicas, stages and time; %") double meanPercent,
    @Column("highest value of any; %") double maxPercent) {}
