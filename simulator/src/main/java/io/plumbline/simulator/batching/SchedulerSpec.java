package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCache;
import java.io.Serializable;

/** Choice and options of a replica scheduler; each kind builds itself. */
public sealed interface SchedulerSpec extends Serializable
    permits FasterTransformerSpec, LightllmSpec, OrcaSpec, SarathiSpec, VllmSpec {

  /** Builds the scheduler of one replica over the replica's cache. */
  ReplicaScheduler create(KvCache kv, ReplicaLimits limits, Compatibility compatibility);

  /**
   * Most tokens that one batch may have: the size of a latency table. Where whole prompts of any
   * length share a batch it is a usual size instead.
   */
  int maxBatchTokens();

  /** Most requests that a replica runs at once. */
  int maxBatchSize();

  /** Whether Vidur makes its token tables long enough for a batch full of the longest prompts. */
  default boolean vidurTablesHoldWholeBatches() {
    return false;
  }

  /**
   * Checks that this scheduler can run on such replicas at all.
   *
   * @param blockTokens tokens per KV block
   * @throws IllegalArgumentException if it cannot
   */
  default void requireCanRun(int pipelineStages, int blockTokens) {
    if (maxBatchSize() < pipelineStages) {
      throw new IllegalArgumentException(
          "maxBatchSize (%d) must be at least the pipeline stages (%d)"
              .formatted(maxBatchSize(), pipelineStages));
    }
  }
}
