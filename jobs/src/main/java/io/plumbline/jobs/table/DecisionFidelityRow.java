package io.plumbline.jobs.table;

/**
 * A row of the table {@code decision_fidelity}: would this simulator have led to the same decision?
 */
public record DecisionFidelityRow(
    @Column("the matrix; see fidelity_matrix") String matrixId,
    @Column("name of the grid of configurations") String grid,
    @Column("name of what predicted it; of several ways to run it, each") String simulator,
    @Column("device of the measured points") String device,
    @Column("name of the model") String model,
    @Column(
            value = "load: requests sent per second; 1/s",
            absent = "the row is about all loads: knees")
        Double requestRatePerSecond,
    @Column(value = "requests of the measured runs", absent = "unknown, or about all loads")
        Integer requests,
    @Column("what is ranked or limited: ttft, tbt or e2e") String metric,
    @Column("its statistic, e.g. p50") String statistic,
    @Column("configurations that both sides have; of knees, those with a measured knee")
        int configurations,
    @Column(
            value = "Kendall's tau-b of both rankings; 1",
            absent = "about all loads, or a side ranks nothing")
        Double kendallTauB,
    @Column(
            value = "Kendall's tau-a: (concordant - discordant) / pairs; 1",
            absent = "about all loads, or one configuration")
        Double kendallTauA,
    @Column(value = "the simulator's best configuration", absent = "about all loads") String pick,
    @Column(value = "the measured best configuration", absent = "about all loads") String best,
    @Column(
            value = "measured latency of the pick over that of the best - 1; %",
            absent = "about all loads")
        Double latencyRegretPercent,
    @Column(
            value = "mean size of the percent errors of the configurations; %",
            absent = "about all loads")
        Double meanAbsolutePercentError,
    @Column(value = "limit of the service level; ns", absent = "none was stated") Double sloLimitNs,
    @Column(
            value = "share of configurations on whose keeping of the limit both sides agree; %",
            absent = "no limit, or about all loads")
        Double sloAgreementPercent,
    @Column(
            value = "the simulator's configuration of the fewest GPUs that keeps the limit",
            absent = "no limit, or it says that none does")
        String cheapestPick,
    @Column(
            value = "the measured configuration of the fewest GPUs that keeps the limit",
            absent = "no limit, or none does")
        String cheapest,
    @Column(
            value = "GPUs of the cheapest pick - those of the cheapest; negative if too few",
            absent = "one of the two is absent")
        Integer gpuRegret,
    @Column(
            value = "the same in dollars per hour",
            absent = "one of the two, or the price, is absent")
        Double dollarsPerHourRegret,
    @Column(
            value = "kept or missed: whether the cheapest pick keeps the limit in reality",
            absent = "no cheapest pick")
        String cheapestPickOutcome,
    @Column(
            value =
                "mean size of 100 * (predicted knee - measured knee) / measured knee; a knee is the"
                    + " highest load up to which a configuration keeps the limit; %",
            absent = "about one load, or no configuration has a measured knee")
        Double kneeErrorPercent,
    @Column(
            value = "mean of the same with its sign; %",
            absent = "about one load, or no configuration has a measured knee")
        Double kneeSignedErrorPercent) {}
