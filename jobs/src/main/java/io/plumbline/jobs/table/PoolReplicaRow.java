package io.plumbline.jobs.table;

import io.plumbline.trace.run.PooledReplica;
import io.plumbline.trace.run.RunManifest;
import java.util.Locale;

/** A row of the table {@code pool_replica}: the pool of a replica. */
public record PoolReplicaRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("replica, from 0") int replica,
    @Column("name of its pool") String pool,
    @Column("prefill, decode or mixed") String role,
    @Column("name of the device") String device,
    @Column("devices that share each layer") int tensorParallel,
    @Column("pipeline stages") int pipelineParallel) {

  /** The row of one replica. */
  public static PoolReplicaRow of(RunManifest run, PooledReplica replica) {
    return new PoolReplicaRow(
        RunRow.partitionValue(run.origin()),
        run.runId(),
        replica.replica(),
        replica.pool(),
        replica.role().name().toLowerCase(Locale.ROOT),
        replica.device(),
        replica.tensorParallel(),
        replica.pipelineParallel());
  }
}
