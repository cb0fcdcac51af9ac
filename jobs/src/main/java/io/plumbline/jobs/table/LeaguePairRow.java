package io.plumbline.jobs.table;

/** A row of the view {@code league_pair}: two simulators where both predict the same. */
public record LeaguePairRow(
    @Column("the matrix; see fidelity_matrix") String matrixId,
    @Column("name of the simulator") String simulator,
    @Column("name of another") String rival,
    @Column("the metric") String metric,
    @Column("cases that both predict") long cases,
    @Column("cells that both predict: cases and statistics") long cells,
    @Column(
            value = "median over these cells of the size of the simulator's percent error; %",
            absent = "no percent error is known")
        Double medianAbsolutePercentError,
    @Column(value = "the same of the rival; %", absent = "likewise")
        Double rivalMedianAbsolutePercentError,
    @Column("cells in which the simulator is closer") long closer,
    @Column("cells in which the rival is closer") long rivalCloser) {}
