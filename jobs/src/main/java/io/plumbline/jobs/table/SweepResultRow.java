package io.plumbline.jobs.table;

/** A row of the view {@code sweep_result}: one finished point of a sweep. */
public record SweepResultRow(
    @Column("name of the sweep") String sweep,
    @Column("position in the sweep, from 0") int position,
    @Column("the values that vary in the sweep, as a JSON object") String axesJson,
    @Column("its run; see run") String runId,
    @Column(value = "name of the model", absent = "unknown") String model,
    @Column(value = "name of the device", absent = "unknown") String device,
    @Column(value = "replica scheduler", absent = "unknown") String scheduler,
    @Column(value = "execution time predictor", absent = "unknown") String predictor,
    @Column(value = "devices of all replicas", absent = "one of the three is unknown") Long devices,
    @Column("requests that got all their output tokens") int completed,
    @Column("requests refused at arrival") int rejected,
    @Column("requests the run ended before") int unfinished,
    @Column(value = "completed requests / makespan; 1/s", absent = "no makespan, or 0")
        Double throughputRequestsPerSecond,
    @Column(
            value = "output tokens of completed requests / makespan; 1/s",
            absent = "no makespan, or 0")
        Double throughputTokensPerSecond,
    @Column(
            value = "throughput_tokens_per_second / devices; 1/s",
            absent = "one of the two is unknown")
        Double tokensPerSecondPerDevice,
    @Column(value = "median time to first token; ns", absent = "no request has it")
        Double ttftP50Ns,
    @Column(value = "99th percentile; ns", absent = "no request has it") Double ttftP99Ns,
    @Column(value = "median time per output token; ns", absent = "no request has it")
        Double tpotP50Ns,
    @Column(value = "99th percentile; ns", absent = "no request has it") Double tpotP99Ns,
    @Column(value = "median time from arrival to end; ns", absent = "no request has it")
        Double e2eP50Ns,
    @Column(value = "99th percentile; ns", absent = "no request has it") Double e2eP99Ns,
    @Column(
            value = "99th percentile of arrival to first scheduled; ns",
            absent = "no request has it")
        Double queueingP99Ns,
    @Column(
            value = "share of the predicted time that lies outside of what was measured",
            absent = "not predicted")
        Double extrapolatedFraction) {}
