package io.plumbline.trace.run;

import java.io.Serializable;
import java.util.List;

/**
 * What a run in a cluster of pools has besides.
 *
 * @param replicas of all pools, by number
 * @param transfers in the order of their ends
 */
public record PoolTrace(List<PooledReplica> replicas, List<KvTransfer> transfers)
    implements Serializable {
  /** Of a cluster of equal replicas. */
  public static final PoolTrace NONE = new PoolTrace(List.of(), List.of());

  public PoolTrace {
    replicas = List.copyOf(replicas);
    transfers = List.copyOf(transfers);
  }
}
