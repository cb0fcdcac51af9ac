package io.plumbline.simulator;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.cluster.HandoverSpec;
import io.plumbline.simulator.cluster.KvLinkSpec;
import io.plumbline.simulator.cluster.KvOverlap;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.cluster.RouterSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.RooflineSpec;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.PoolRole;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * A small cluster of pools to reason about by hand: a stage takes 10 ms and 1 ms per token, and a
 * token has 6 layers x 2 x 2 heads x 8 x 2 bytes = 384 bytes of keys and values.
 */
final class PooledScenario {
  static final ModelSpec MODEL =
      new ModelSpec(
          "tiny", 6, 4, 2, 8, 32, 64, 100, 4096, true, true, false, false, false, 10000, 1e-5);

  static final ExecutionTimePredictor TIMES = PooledScenario::seconds;

  private final List<PoolSpec> pools = new ArrayList<>();
  private final List<ExecutionTimePredictor> predictors = new ArrayList<>();
  private RouterSpec router = RoundRobinSpec.defaults();
  private KvLinkSpec link = new KvLinkSpec(384e3, 0.0, 1, KvOverlap.NONE);

  private static double seconds(Batch batch, int stage) {
    return 0.01 + 0.001 * batch.totalTokens();
  }

  static Deployment deployment(String device, int stages) {
    return new Deployment(
        MODEL,
        new DeviceSku(device, 80L << 30, 1e15, 1e12, 0),
        new NodeSku("node", 8, 8, 1e9, 0, null, 1e9, 0),
        new Parallelism(1, stages),
        DataType.FLOAT16);
  }

  /** A pool of Sarathi's replicas with a budget of 100 tokens and blocks of 10. */
  PooledScenario pool(PoolRole role, int replicas, int blocks) {
    return pool(role, replicas, new SarathiSpec(100, 8), blocks, 10, TIMES);
  }

  PooledScenario pool(
      PoolRole role,
      int replicas,
      SchedulerSpec scheduler,
      int blocks,
      int blockTokens,
      ExecutionTimePredictor predictor) {
    return pool(
        role,
        replicas,
        scheduler,
        new KvCacheSpec(blockTokens, blocks, 0.1, 0.0, null),
        1,
        predictor);
  }

  PooledScenario pool(
      PoolRole role,
      int replicas,
      SchedulerSpec scheduler,
      KvCacheSpec cache,
      int stages,
      ExecutionTimePredictor predictor) {
    pools.add(
        new PoolSpec(
            "pool" + pools.size(),
            role,
            deployment("device" + pools.size(), stages),
            replicas,
            scheduler,
            cache,
            RooflineSpec.defaults()));
    predictors.add(predictor);
    return this;
  }

  /** The default sends one token per ms. */
  PooledScenario link(
      double bytesPerSecond, double latencySeconds, int streams, KvOverlap overlap) {
    link = new KvLinkSpec(bytesPerSecond, latencySeconds, streams, overlap);
    return this;
  }

  PooledScenario routedBy(RouterSpec other) {
    router = other;
    return this;
  }

  SimulationSpec spec() {
    boolean handsOver = pools.stream().anyMatch(pool -> pool.role() == PoolRole.PREFILL);
    return new SimulationSpec(
        pools,
        router,
        handsOver ? new HandoverSpec(router, link) : null,
        Compatibility.STANDARD,
        null);
  }

  List<ExecutionTimePredictor> predictors() {
    return predictors;
  }

  RunTrace run(Workload workload) {
    return Simulator.run(spec(), workload, predictors, Recording.TOKENS);
  }
}
