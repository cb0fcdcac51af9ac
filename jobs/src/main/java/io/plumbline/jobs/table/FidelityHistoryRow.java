package io.plumbline.jobs.table;

/** A row of the view {@code fidelity_history}. */
public record FidelityHistoryRow(
    @Column("name of the matrix") String name,
    @Column(value = "commit that made it", absent = "unknown") String commit,
    @Column("when it was made; ISO-8601 instant") String madeAt,
    @Column("the matrix; see fidelity_matrix") String matrixId,
    @Column("name of what was measured") String caseName,
    @Column("name of what predicted it") String simulator,
    @Column(value = "name of the model", absent = "unknown") String model,
    @Column(value = "dense or moe", absent = "there is no card of the model") String modelKind,
    @Column(value = "name of the device", absent = "unknown") String device,
    @Column("as in fidelity_cell") String basis,
    @Column("the metric") String metric,
    @Column("its statistic") String statistic,
    @Column(value = "100 * (simulated - reference) / reference; %", absent = "reference is 0")
        Double percentError,
    @Column("PASS, WARN or FAIL") String verdict,
    @Column(value = "commit of the matrix of this name before", absent = "first, or unknown")
        String previousCommit,
    @Column(value = "percent error in the matrix of this name before; %", absent = "it had none")
        Double previousPercentError,
    @Column(
            value = "percent_error - previous_percent_error; % points",
            absent = "one of the two is absent")
        Double movedPercentPoints,
    @Column(
            value = "true if percent_error is outside of the interval it had before",
            absent = "there was none before")
        String movedBeyondInterval) {}
