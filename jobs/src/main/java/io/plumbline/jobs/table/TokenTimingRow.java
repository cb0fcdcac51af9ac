package io.plumbline.jobs.table;

import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.TokenTimes;

/** A row of the table {@code token_timing}: one output token of a request. */
public record TokenTimingRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("position of the request in the workload, from 0") int requestId,
    @Column("position of the token in the output, from 0") int tokenIndex,
    @Column("the token was there, from the start of the run; ns") long tokenNs,
    @Column(value = "gap to the token before it; ns", absent = "the first token has none")
        Long tbtNs) {

  /** The row of one token. */
  public static TokenTimingRow of(RunManifest run, TokenTimes tokens, int request, int token) {
    long nanos = tokens.nanos(request, token);
    return new TokenTimingRow(
        RunRow.partitionValue(run.origin()),
        run.runId(),
        request,
        token,
        nanos,
        token == 0 ? null : Long.valueOf(nanos - tokens.nanos(request, token - 1)));
  }
}
