package io.plumbline.jobs.table;

import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.Utilization;
import java.util.Locale;

/** A row of the table {@code utilization}: how much of a replica or stage a run used. */
public record UtilizationRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("replica, from 0") int replica,
    @Column(value = "pipeline stage, from 0", absent = "it is of the whole replica") Integer stage,
    @Column(
            "memory (KV blocks in use, of all), busy (a stage runs a batch) or mfu (arithmetic of"
                + " the model, of the devices' peak)")
        String metric,
    @Column("lowest value that it had; %") double minPercent,
    @Column("highest value that it had; %") double maxPercent,
    @Column("mean over time, first arrival to end of the run; %") double meanPercent) {

  /** The row of one utilization. */
  public static UtilizationRow of(RunManifest run, Utilization utilization) {
    return new UtilizationRow(
        RunRow.partitionValue(run.origin()),
        run.runId(),
        utilization.replica(),
        utilization.stage(),
        utilization.metric().name().toLowerCase(Locale.ROOT),
        utilization.minPercent(),
        utilization.maxPercent(),
        utilization.meanPercent());
  }
}
