package io.plumbline.jobs.table;

/** A row of the view {@code operator_share}: what one operator took of a run. */
public record OperatorShareRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("name of the operator; see operator_time") String operator,
    @Column("calls in all") long calls,
    @Column("time of all calls; ns") double totalNs,
    @Column(value = "of the time of all operators of the run; %", absent = "all of them took 0")
        Double sharePercent) {}
