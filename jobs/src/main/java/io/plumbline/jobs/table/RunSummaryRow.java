package io.plumbline.jobs.table;

/**
 * A row of the table {@code run_summary}: one statistic of a run of which no requests are known.
 */
public record RunSummaryRow(
    @Column("the source; see source") String sourceId,
    @Column("content hash of the facts of the point, the same for all its metrics") String pointId,
    @Column("what the source calls the point") String point,
    @Column("simulated or measured") String origin,
    @Column(value = "what ran it, e.g. vllm", absent = "unknown") String engine,
    @Column(value = "version of the engine", absent = "unknown") String engineVersion,
    @Column(value = "name of the model", absent = "unknown") String model,
    @Column(value = "name of the device, as the source has it", absent = "unknown") String device,
    @Column(value = "devices in all", absent = "unknown") Integer devices,
    @Column(value = "type of the weights", absent = "unknown") String precision,
    @Column(value = "replicas of the model", absent = "unknown") Integer replicas,
    @Column(
            value = "devices that share each layer",
            absent = "unknown, or prefill and decode differ; see spec_json")
        Integer tensorParallel,
    @Column(
            value = "pipeline stages",
            absent = "unknown, or prefill and decode differ; see spec_json")
        Integer pipelineParallel,
    @Column(value = "devices that share the experts", absent = "unknown or no experts")
        Integer expertParallel,
    @Column(value = "requests sent per second; 1/s", absent = "unknown, or sent by concurrency")
        Double requestRatePerSecond,
    @Column(value = "requests in flight at most", absent = "unknown or unlimited")
        Integer concurrency,
    @Column(value = "requests of one batch", absent = "unknown or changing") Integer batchSize,
    @Column(value = "requests of the run", absent = "unknown") Integer requests,
    @Column(value = "mean prompt of a request; tokens", absent = "unknown") Double promptTokens,
    @Column(value = "mean output of a request; tokens", absent = "unknown") Double outputTokens,
    @Column(
            value = "whose clock the times are from: engine or client; see docs/importing.md",
            absent = "no times, or unknown")
        String clock,
    @Column("ttft, tpot, tbt, e2e and others; see docs/importing.md") String metric,
    @Column("mean, std, min, max, p and a percentile, or single for a value that has no others")
        String statistic,
    @Column("unit of the value: the same for all rows of a metric, ns for times") String unit,
    @Column("the value, in its unit") double value,
    @Column(value = "what else the source says of the point, as JSON", absent = "nothing")
        String specJson) {}
