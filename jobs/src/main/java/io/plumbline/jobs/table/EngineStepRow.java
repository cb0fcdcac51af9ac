package io.plumbline.jobs.table;

/**
 * A row of the table {@code engine_step}: one step of a real engine's scheduler, as the engine
 * traced it. It is no iteration of {@code iteration_timing}: the time of the call is not that of
 * the forward pass, and steps may be a sample.
 */
public record EngineStepRow(
    @Column("the source; see source") String sourceId,
    @Column("run of the engine, as the source calls it") String experiment,
    @Column(value = "name of the model", absent = "unknown") String model,
    @Column(value = "name of the device", absent = "unknown") String device,
    @Column(value = "kind of load, as the source calls it", absent = "unknown") String workload,
    @Column(value = "devices that share each layer", absent = "unknown") Integer tensorParallel,
    @Column("number of the step in its run; gaps where steps were not recorded") long step,
    @Column("start, on the engine's own clock; ns") long startNs,
    @Column("how long the traced call took, not the whole step; ns") long callDurationNs,
    @Column(
            value =
                "gap between tokens of its requests as the source states it; tokens that arrive together make it too short; ns",
            absent = "no token of it was matched")
        Double cycleNs,
    @Column("requests running") int runningRequests,
    @Column("requests waiting") int waitingRequests,
    @Column("requests in prefill in the batch") int prefillRequests,
    @Column("requests in decode in the batch") int decodeRequests,
    @Column("tokens scheduled; tokens") int scheduledTokens,
    @Column("prompt tokens processed; tokens") int prefillTokens,
    @Column("tokens of requests in decode; tokens") int decodeTokens,
    @Column("requests that ended") int finishedRequests,
    @Column("requests that lost their KV cache") int preemptedRequests,
    @Column("KV blocks in use; blocks") long kvBlocksUsed,
    @Column("KV blocks there are; blocks") long kvBlocksTotal) {

  /** The same step of a source; on a device, if the step names none. */
  public EngineStepRow of(String ofSource, String onDevice) {
    return new EngineStepRow(
        ofSource,
        experiment,
        model,
        device == null ? onDevice : device,
        workload,
        tensorParallel,
        step,
        startNs,
        callDurationNs,
        cycleNs,
        runningRequests,
        waitingRequests,
        prefillRequests,
        decodeRequests,
        scheduledTokens,
        prefillTokens,
        decodeTokens,
        finishedRequests,
        preemptedRequests,
        kvBlocksUsed,
        kvBlocksTotal);
  }
}
