package io.plumbline.simulator;

import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.trace.run.PoolRole;
import java.io.Serializable;

/**
 * Equal replicas of a cluster.
 *
 * @param name of the pool
 * @param deployment model, devices and parallelism of each replica
 * @param replicas copies of the model
 * @param scheduler who forms batches on a replica
 * @param kvCache size and rules of the KV cache
 * @param predictor how long a batch takes
 */
public record PoolSpec(
    String name,
    PoolRole role,
    Deployment deployment,
    int replicas,
    SchedulerSpec scheduler,
    KvCacheSpec kvCache,
    PredictorSpec predictor)
    implements Serializable {

  public PoolSpec {
    if (replicas <= 0) {
      throw new IllegalArgumentException("replicas (%d) must be positive".formatted(replicas));
    }
    int inStep = deployment.parallelism().replicasInStep();
    if (replicas % inStep != 0) {
      throw new IllegalArgumentException(
          "replicas (%d) must be a multiple of the %d that share their experts"
              .formatted(replicas, inStep));
    }
    predictor.requireSupports(deployment);
    scheduler.requireCanRun(deployment.parallelism().pipeline(), kvCache.blockTokens());
  }

  /** The same with other times. */
  PoolSpec with(PredictorSpec otherPredictor) {
    return new PoolSpec(name, role, deployment, replicas, scheduler, kvCache, otherPredictor);
  }

  /** Devices of all replicas. */
  public int devices() {
    return Math.multiplyExact(replicas, deployment.parallelism().devices());
  }
}
