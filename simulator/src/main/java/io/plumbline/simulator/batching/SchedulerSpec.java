package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;
import java.io.Serializable;

/** Choice and options of a replica scheduler; each kind builds itself. */
public sealed interface SchedulerSpec extends Serializable
    permits FasterTransformerSpec,
        LightllmSpec,
        OrcaSpec,
        PrefillPoolSpec,
        SarathiSpec,
        VllmSpec,
        VllmV1Spec {

  /** Builds the scheduler of one replica with the replica's cache. */
  ReplicaScheduler create(KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility);

  /**
   * Most tokens that one batch may have: the size of a latency table. Where whole prompts of any
   * length share a batch it is a usual size instead.
   */
  int maxBatchTokens();

  /** Most requests that a replica runs at once. */
  int maxBatchSize();

  /** Share of the blocks that a new request must leave free where no one says otherwise. */
  default double usualWatermarkFraction() {
    // Vidur's.
    return 0.01;
  }

  /**
   * Whether the host forms and prepares the next batch while the devices still run one, so that an
   * iteration takes the longer of both times and not their sum.
   */
  default boolean overlapsHost(int pipelineStages) {
    return false;
  }

  /**
   * Whether all replicas start every step together and wait for the slowest, those without work as
   * well.
   */
  default boolean replicasInStep() {
    return false;
  }

  /** Says how the forward pass of a batch that the scheduler did not form is launched. */
  default void launch(Batch batch) {}

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
