package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCache;
import java.io.Serializable;

/** Choice and options of a replica scheduler; each kind builds itself. */
public sealed interface SchedulerSpec extends Serializable permits SarathiSpec, VllmSpec {

  /**
   * Builds the scheduler of one replica.
   *
   * @param kv the replica's cache
   * @param pipelineStages batches that may be in flight at once
   */
  ReplicaScheduler create(KvCache kv, int pipelineStages, Compatibility compatibility);

  /** Most tokens that one batch may have: the size of a latency table. */
  int maxBatchTokens();

  /** Most requests that a replica runs at once. */
  int maxBatchSize();
}
