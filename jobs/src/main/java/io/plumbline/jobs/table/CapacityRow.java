package io.plumbline.jobs.table;

/** A row of the table {@code capacity}: the most that a configuration bears. */
public record CapacityRow(
    @Column("content hash of what determines the result") String capacityId,
    @Column("name of the model") String model,
    @Column("name of the device") String device,
    @Column("replica scheduler") String scheduler,
    @Column("replicas of the model") int replicas,
    @Column(value = "devices that share each layer", absent = "pools differ")
        Integer tensorParallel,
    @Column(value = "pipeline stages", absent = "pools differ") Integer pipelineParallel,
    @Column("the objective, as a JSON object with the keys of the file") String sloJson,
    @Column("content hash of the first draw of the workload") String workloadId,
    @Column("requests of one simulation") int requests,
    @Column("draws of the workload that were searched") int seeds,
    @Column(
            "found; none if the lowest rate missed the objective with some seed; unbounded if the"
                + " highest met it with some")
        String outcome,
    @Column(
            value =
                "capacity: mean over the seeds of the highest mean arrival rate that was seen to meet"
                    + " the objective; 1/s",
            absent = "not found")
        Double requestsPerSecond,
    @Column(
            value = "lower end of the 95 % confidence interval of the capacity by Student's t; 1/s",
            absent = "not found, or one seed")
        Double lowerRequestsPerSecond,
    @Column(value = "upper end of it; 1/s", absent = "not found, or one seed")
        Double upperRequestsPerSecond,
    @Column("how far above the capacity of a seed a rate that failed lies at most; %")
        double tolerancePercent,
    @Column(
            value = "time between the first and the last arrival at capacity, first seed; seconds",
            absent = "not found")
        Double arrivalsSeconds,
    @Column(
            value = "output tokens / makespan of the run at capacity, first seed; 1/s",
            absent = "not found")
        Double tokensPerSecond,
    @Column(value = "scheduling delay in that run; ns", absent = "not found")
        Double schedulingDelayP99Ns,
    @Column(value = "TTFT in that run; ns", absent = "not found") Double ttftP50Ns,
    @Column(value = "TTFT in that run; ns", absent = "not found") Double ttftP90Ns,
    @Column(value = "TTFT in that run; ns", absent = "not found") Double ttftP99Ns,
    @Column(value = "TBT in that run; ns", absent = "not found, or no request has two tokens")
        Double tbtP50Ns,
    @Column(value = "TBT in that run; ns", absent = "not found, or no request has two tokens")
        Double tbtP99Ns,
    @Column(value = "TPOT in that run; ns", absent = "not found, or no request has two tokens")
        Double tpotP99Ns,
    @Column(value = "end-to-end latency in that run; ns", absent = "not found") Double e2eP50Ns,
    @Column(value = "end-to-end latency in that run; ns", absent = "not found") Double e2eP99Ns,
    @Column("simulations of the search") int simulations,
    @Column("those of them that were ended early") int aborted,
    @Column("time that the search took on its core; seconds") double searchSeconds,
    @Column("the specification of the configuration, as JSON") String specJson,
    @Column("ISO-8601 instant") String endedAt) {}
