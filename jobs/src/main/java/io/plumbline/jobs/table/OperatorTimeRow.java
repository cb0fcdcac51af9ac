package io.plumbline.jobs.table;

import io.plumbline.trace.run.OperatorTime;
import io.plumbline.trace.run.RunManifest;

/** A row of the table {@code operator_time}: one operator of one iteration on one stage. */
public record OperatorTimeRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("replica, from 0") int replica,
    @Column("pipeline stage, from 0") int stage,
    @Column("the iteration; see iteration_timing") long iteration,
    @Column("name of the operator, as in Vidur's profiles where they have it") String operator,
    @Column("time of one call; ns") double callNs,
    @Column("calls on the stage, such as one per layer") int calls) {

  /** The row of one operator. */
  public static OperatorTimeRow of(RunManifest run, OperatorTime operator) {
    return new OperatorTimeRow(
        RunRow.partitionValue(run.origin()),
        run.runId(),
        operator.replica(),
        operator.stage(),
        operator.iteration(),
        operator.operator(),
        operator.callNanos(),
        operator.calls());
  }
}
