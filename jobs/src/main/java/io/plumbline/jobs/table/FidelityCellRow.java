package io.plumbline.jobs.table;

/**
 * A row of the table {@code fidelity_cell}: one statistic of one metric, predicted and measured.
 */
public record FidelityCellRow(
    @Column("the matrix; see fidelity_matrix") String matrixId,
    @Column("name of what was measured: a run with its repeats, or a point of a grid")
        String caseName,
    @Column("name of what predicted it") String simulator,
    @Column(value = "name of the model", absent = "unknown") String model,
    @Column(value = "dense or moe, by the model's card", absent = "there is no card of the model")
        String modelKind,
    @Column(value = "name of the device", absent = "unknown") String device,
    @Column(
            "what is compared: request (values of requests or tokens), run (one value of each run)"
                + " or summary (statistics that others published)")
        String basis,
    @Column("the measured runs, or point_id of run_summary; spaces between several")
        String referenceIds,
    @Column("the simulated runs, or point_id of run_summary; spaces between several")
        String simulatedIds,
    @Column("ttft, tbt, tpot, e2e, queueing, e2e_normalized, execution_normalized or a throughput")
        String metric,
    @Column("mean, p50, p90, p95, p99, or single for a value of a run") String statistic,
    @Column("unit of the values: ns for times") String unit,
    @Column("statistic of the measured side, in its unit") double referenceValue,
    @Column("statistic of the simulated side, in its unit") double simulatedValue,
    @Column("simulated - reference, in their unit") double signedError,
    @Column("size of the signed error, in their unit") double absoluteError,
    @Column(
            value = "100 * (simulated - reference) / reference; %",
            absent = "the reference is 0 and the simulated value is not")
        Double percentError,
    @Column(value = "lower end of the interval of signed_error", absent = "no interval")
        Double signedErrorLow,
    @Column(value = "upper end of the interval of signed_error", absent = "no interval")
        Double signedErrorHigh,
    @Column(value = "lower end of the interval of percent_error; %", absent = "no interval")
        Double percentErrorLow,
    @Column(value = "upper end of the interval of percent_error; %", absent = "no interval")
        Double percentErrorHigh,
    @Column("PASS, WARN or FAIL: of the whole interval, or of percent_error if there is none")
        String verdict,
    @Column("the same of percent_error alone") String estimateVerdict,
    @Column(
            value = "values on the measured side: requests or tokens, of all repeats",
            absent = "not published")
        Long samples,
    @Column("how far a percentile may be off because values were binned; %, 0 if they were not")
        double boundPercent,
    @Column("measured runs of the same load") int repeats,
    @Column(
            value = "spread of the repeats: 100 * (largest - smallest) / mean; %",
            absent = "one run")
        Double spreadPercent,
    @Column(
            value = "noise floor: 100 * mean distance between two repeats / mean; %",
            absent = "one run")
        Double floorPercent,
    @Column(
            value = "size of the percent error / noise floor",
            absent = "the floor is unknown or 0, or the error is unknown")
        Double errorPerFloor,
    @Column("known, zero, or unknown: without repeats nobody can tell") String floor) {}
