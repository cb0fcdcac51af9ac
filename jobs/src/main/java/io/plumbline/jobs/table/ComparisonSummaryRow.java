package io.plumbline.jobs.table;

/** A row of the view {@code comparison_summary}: how one simulator fared in all comparisons. */
public record ComparisonSummaryRow(
    @Column(
            value = "engine of the judged runs, with the predictor where they have one",
            absent = "unknown")
        String simulator,
    @Column("see error_summary") String metric,
    @Column("see error_summary") String statistic,
    @Column("comparisons that it was judged in") long comparisons,
    @Column(value = "mean size of the percent error; %", absent = "no percent error is known")
        Double meanAbsolutePercentError,
    @Column(
            value = "mean percent error: below 0 it is too fast; %",
            absent = "no percent error is known")
        Double meanPercentError,
    @Column(value = "largest size of the percent error; %", absent = "no percent error is known")
        Double worstAbsolutePercentError,
    @Column("comparisons with verdict PASS") long passed,
    @Column("comparisons with verdict WARN") long warned,
    @Column("comparisons with verdict FAIL") long failed) {}
