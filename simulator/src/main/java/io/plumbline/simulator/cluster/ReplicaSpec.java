package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.ReplicaLimits;
import io.plumbline.simulator.batching.ReplicaScheduler;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;

/**
 * What every replica of a cluster is made of.
 *
 * @param limits pipeline stages and what the memory plan allows
 * @param kvBlocks blocks of the KV cache
 * @param blockTokens tokens per block
 * @param maxContextTokens longest context that the model can hold; longer requests are rejected
 * @param watermarkFraction share of the blocks that a new request must leave free
 * @param replicasInStep neighbours that take every step together; 1 if each is on its own
 */
public record ReplicaSpec(
    ReplicaLimits limits,
    int kvBlocks,
    int blockTokens,
    int maxContextTokens,
    double watermarkFraction,
    int replicasInStep,
    SchedulerSpec scheduler,
    Compatibility compatibility) {

  ReplicaScheduler createScheduler() {
    KvCacheSize cache =
        new KvCacheSize(kvBlocks, blockTokens, (int) (watermarkFraction * kvBlocks));
    return scheduler.create(cache, limits, compatibility);
  }

  boolean overlapsHost() {
    return scheduler.overlapsHost(limits.pipelineStages());
  }
}
