package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCache;

/**
 * What every replica of a cluster is made of.
 *
 * @param stages pipeline stages
 * @param kvBlocks blocks of the KV cache
 * @param blockTokens tokens per block
 * @param maxContextTokens longest context that the model can hold; longer requests are rejected
 * @param watermarkFraction share of the blocks that a new request must leave free
 */
public record ReplicaSpec(
    int stages,
    int kvBlocks,
    int blockTokens,
    int maxContextTokens,
    double watermarkFraction,
    SchedulerSpec scheduler,
    Compatibility compatibility) {

  Replica create() {
    KvCache kv = new KvCache(kvBlocks, blockTokens, (int) (watermarkFraction * kvBlocks));
    return new Replica(scheduler.create(kv, stages, compatibility), kv, stages, maxContextTokens);
  }
}
