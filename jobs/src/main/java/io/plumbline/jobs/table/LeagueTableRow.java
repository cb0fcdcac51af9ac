package io.plumbline.jobs.table;

/** A row of the view {@code league_table}. */
public record LeagueTableRow(
    @Column("the matrix; see fidelity_matrix") String matrixId,
    @Column("name of the simulator") String simulator,
    @Column("the metric") String metric,
    @Column("cases that it predicts") long cases,
    @Column("cells of all its cases and statistics") long cells,
    @Column(
            value = "median over cells of the size of the percent error; %",
            absent = "no percent error is known")
        Double medianAbsolutePercentError,
    @Column(value = "mean of the percent errors, with sign; %", absent = "likewise")
        Double meanPercentError,
    @Column("cells that pass") long passed,
    @Column("cells that only warn") long warned,
    @Column("cells that fail") long failed,
    @Column("cells in which others predict the same and none is closer") long wins,
    @Column("cells in which others predict the same") long contested) {}
