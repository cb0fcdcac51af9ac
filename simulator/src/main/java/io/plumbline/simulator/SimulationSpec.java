package io.plumbline.simulator;

import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.cluster.RouterSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.PredictorSpec;
import java.io.Serializable;

/**
 * Everything that determines a simulated run except the workload.
 *
 * @param deployment model, devices and parallelism of each replica
 * @param replicas copies of the model
 * @param router who places requests on replicas
 * @param scheduler who forms batches on a replica
 * @param kvCache size and rules of the KV cache
 * @param predictor how long a batch takes
 * @param compatibility whose behaviour to follow where an original is wrong
 * @param timeLimitSeconds simulated time at which the run ends, counted from the first arrival or,
 *     where Vidur is followed, from the workload's 0; null for none
 */
public record SimulationSpec(
    Deployment deployment,
    int replicas,
    RouterSpec router,
    SchedulerSpec scheduler,
    KvCacheSpec kvCache,
    PredictorSpec predictor,
    Compatibility compatibility,
    Double timeLimitSeconds)
    implements Serializable {

  public SimulationSpec {
    if (replicas <= 0) {
      throw new IllegalArgumentException("replicas (%d) must be positive".formatted(replicas));
    }
    int inStep = deployment.parallelism().replicasInStep();
    if (replicas % inStep != 0) {
      throw new IllegalArgumentException(
          "replicas (%d) must be a multiple of the %d that share their experts"
              .formatted(replicas, inStep));
    }
    if (compatibility == Compatibility.VIDUR) {
      deployment.requireUnquantized("compatibility: vidur");
    }
    predictor.requireSupports(deployment);
    if (timeLimitSeconds != null && !(timeLimitSeconds > 0)) {
      throw new IllegalArgumentException(
          "timeLimitSeconds (%s) must be positive".formatted(timeLimitSeconds));
    }
    scheduler.requireCanRun(deployment.parallelism().pipeline(), kvCache.blockTokens());
  }

  /** The same with other times. */
  public SimulationSpec with(PredictorSpec otherPredictor) {
    return new SimulationSpec(
        deployment,
        replicas,
        router,
        scheduler,
        kvCache,
        otherPredictor,
        compatibility,
        timeLimitSeconds);
  }
}
