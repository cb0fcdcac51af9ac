package io.plumbline.jobs.table;

import io.plumbline.trace.run.KvTransfer;
import io.plumbline.trace.run.RunManifest;

/** A row of the table {@code kv_transfer}: how one request came from its prefill to its decode. */
public record KvTransferRow(
    @Column("simulated or measured") String origin,
    @Column("the run; see run") String runId,
    @Column("the request; see request_timing") int requestId,
    @Column("replica that prefilled it; see pool_replica") int fromReplica,
    @Column("replica that decodes it") int toReplica,
    @Column("tokens whose keys and values were sent; those that the receiver had cached were not")
        int tokens,
    @Column("keys and values that were sent; bytes") double bytes,
    @Column("end of the prefill; ns from the start of the run") long readyNs,
    @Column("both ends had room and a free stream; ns") long startNs,
    @Column("all was there; ns") long endNs,
    @Column("end_ns - ready_ns: waiting and sending, part of the first TBT; ns")
        long kvTransferNs) {

  /** The row of one transfer. */
  public static KvTransferRow of(RunManifest run, KvTransfer transfer) {
    return new KvTransferRow(
        RunRow.partitionValue(run.origin()),
        run.runId(),
        transfer.requestId(),
        transfer.fromReplica(),
        transfer.toReplica(),
        transfer.tokens(),
        transfer.bytes(),
        transfer.readyNanos(),
        transfer.startNanos(),
        transfer.endNanos(),
        transfer.endNanos() - transfer.readyNanos());
  }
}
