package io.plumbline.simulator;

import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.ModelFlops;
import java.util.ArrayList;
import java.util.List;

/** Times and arithmetic of each replica of a cluster. */
final class PoolModels {
  private final List<ExecutionTimePredictor> predictors = new ArrayList<>();
  private final List<ModelFlops> flops = new ArrayList<>();

  /**
   * @param predictors by pool
   */
  PoolModels(SimulationSpec spec, List<ExecutionTimePredictor> predictors) {
    for (int p = 0; p < spec.pools().size(); p++) {
      PoolSpec pool = spec.pools().get(p);
      ModelFlops ofPool = new ModelFlops(pool.deployment(), spec.compatibility());
      for (int i = 0; i < pool.replicas(); i++) {
        this.predictors.add(predictors.get(p));
        flops.add(ofPool);
      }
    }
  }

  ExecutionTimePredictor predictor(int replica) {
    return predictors.get(replica);
  }

  ModelFlops flops(int replica) {
    return flops.get(replica);
  }
}
