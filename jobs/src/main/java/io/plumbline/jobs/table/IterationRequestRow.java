package io.plumbline.jobs.table;

import io.plumbline.trace.run.IterationRequests;
import io.plumbline.trace.run.RunManifest;

/** A row of the table {@code iteration_request}: one request of one iteration. */
public record IterationRequestRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("the iteration; see iteration_timing") long iteration,
    @Column("position of the request in the workload, from 0") int requestId,
    @Column("prompt tokens of it processed; tokens") int prefillTokens,
    @Column("1 if it is in decode, else 0; tokens") int decodeTokens,
    @Column("context before the iteration, with the token at hand if it is in decode; tokens")
        int contextTokens) {

  /** The row of one request of an iteration. */
  public static IterationRequestRow of(
      RunManifest run, IterationRequests requests, int iteration, int index) {
    int tokens = requests.tokens(iteration, index);
    boolean prefill = requests.isPrefill(iteration, index);
    return new IterationRequestRow(
        RunRow.partitionValue(run.origin()),
        run.runId(),
        iteration,
        requests.requestId(iteration, index),
        prefill ? tokens : 0,
        prefill ? 0 : tokens,
        requests.contextTokens(iteration, index));
  }
}
