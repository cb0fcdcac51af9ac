package io.plumbline.jobs.table;

/** A row of the table {@code pareto}: what a configuration bears for its price. */
public record ParetoRow(
    @Column("name of the search") String search,
    @Column("position in the search, from 0") int position,
    @Column(value = "its search; see capacity", absent = "it cannot run") String capacityId,
    @Column("the values that vary in the search, as a JSON object") String axesJson,
    @Column("name of the model, as the file states it") String model,
    @Column("the workload as the file states it, as a JSON object") String workloadJson,
    @Column("the objective, as a JSON object with the keys of the file") String sloJson,
    @Column("name of the device, as the file states it, or of its card") String device,
    @Column(value = "replica scheduler", absent = "it cannot run") String scheduler,
    @Column(value = "all devices of all replicas", absent = "it cannot run") Integer devices,
    @Column("found, none, unbounded (see capacity), skipped if it cannot run, or broken")
        String outcome,
    @Column(value = "why it was skipped or broke", absent = "it did not") String reason,
    @Column(value = "capacity; 1/s", absent = "not found") Double requestsPerSecond,
    @Column(value = "lower end of its 95 % confidence interval; 1/s", absent = "none, or one seed")
        Double lowerRequestsPerSecond,
    @Column(value = "upper end of it; 1/s", absent = "none, or one seed")
        Double upperRequestsPerSecond,
    @Column(
            value =
                "rate for runs that are to be stable: a share of the capacity, 85 % if not stated; 1/s",
            absent = "not found")
        Double operatingRequestsPerSecond,
    @Column(value = "price of one device for an hour; dollars", absent = "unknown")
        Double devicePerHourDollars,
    @Column(value = "power limit of one device; W", absent = "unknown") Double deviceTdpWatts,
    @Column(value = "capacity / devices; 1/s", absent = "not found")
        Double requestsPerSecondPerDevice,
    @Column(
            value = "capacity / price of all devices; requests per dollar",
            absent = "not found, or price unknown")
        Double requestsPerDollar,
    @Column(
            value = "capacity / power limit of all devices, which is (1/s)/W; requests per joule",
            absent = "not found, or power limit unknown")
        Double requestsPerJoule,
    @Column(
            value = "price of all devices / output tokens at capacity; dollars per 1,000,000",
            absent = "not found, or price unknown")
        Double dollarsPerMillionOutputTokens,
    @Column(value = "TTFT at capacity; ns", absent = "not found") Double ttftP90Ns,
    @Column(value = "TBT at capacity; ns", absent = "not found, or no request has two tokens")
        Double tbtP99Ns,
    @Column(
            value =
                "1 if no other row has more of what the search ranks by and a lower ttft_p90_ns, else 0",
            absent = "not ranked")
        Integer onTtftFront,
    @Column(value = "the same of tbt_p99_ns", absent = "not ranked, or no TBT") Integer onTbtFront,
    @Column(value = "1 for the best of all by what the search ranks by", absent = "not ranked")
        Integer rank,
    @Column(value = "1 for the best on its device", absent = "not ranked") Integer rankOnDevice,
    @Column("what is ranked by: dollar, device or watt") String rankBy,
    @Column(value = "where the price is from", absent = "unknown") String priceSource) {}
