package io.plumbline.simulator;

import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.cluster.HandoverSpec;
import io.plumbline.simulator.cluster.RouterSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.trace.run.PoolRole;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that determines a simulated run except the workload.
 *
 * @param pools of the cluster; one of them alone is mixed, and does everything
 * @param router who places arriving requests on the replicas of prefill and mixed pools
 * @param handover how requests come from prefill to decode pools; null if there are none
 * @param compatibility whose behaviour to follow where an original is wrong
 * @param timeLimitSeconds simulated time at which the run ends, counted from the first arrival or,
 *     where Vidur is followed, from the workload's 0; null for none
 */
public record SimulationSpec(
    List<PoolSpec> pools,
    RouterSpec router,
    HandoverSpec handover,
    Compatibility compatibility,
    Double timeLimitSeconds)
    implements Serializable {
  /** Name of the pool where there is only one. */
  public static final String ONLY_POOL = "mixed";

  public SimulationSpec {
    pools = List.copyOf(pools);
    if (pools.isEmpty()) {
      throw new IllegalArgumentException("pools must not be empty");
    }
    requireWhole(pools);
    requireOneModel(pools);
    boolean handsOver = has(pools, PoolRole.PREFILL);
    if (handsOver != (handover != null)) {
      throw new IllegalArgumentException(
          "handover (%s) must be stated if, and only if, there is a prefill pool"
              .formatted(handover));
    }
    if (handsOver) {
      requireLinks(pools, handover);
    }
    if (compatibility == Compatibility.VIDUR) {
      if (pools.size() > 1) {
        throw new IllegalArgumentException(
            "compatibility: vidur knows one pool, not %d. Maybe compatibility: standard"
                .formatted(pools.size()));
      }
      pools.get(0).deployment().requireUnquantized("compatibility: vidur");
    }
    if (timeLimitSeconds != null && !(timeLimitSeconds > 0)) {
      throw new IllegalArgumentException(
          "timeLimitSeconds (%s) must be positive".formatted(timeLimitSeconds));
    }
  }

  /** A cluster of equal replicas that do everything. */
  public SimulationSpec(
      Deployment deployment,
      int replicas,
      RouterSpec router,
      SchedulerSpec scheduler,
      KvCacheSpec kvCache,
      PredictorSpec predictor,
      Compatibility compatibility,
      Double timeLimitSeconds) {
    this(
        List.of(
            new PoolSpec(
                ONLY_POOL, PoolRole.MIXED, deployment, replicas, scheduler, kvCache, predictor)),
        router,
        null,
        compatibility,
        timeLimitSeconds);
  }

  private static boolean has(List<PoolSpec> pools, PoolRole role) {
    return pools.stream().anyMatch(pool -> pool.role() == role);
  }

  private static void requireWhole(List<PoolSpec> pools) {
    Set<String> names = new HashSet<>();
    for (PoolSpec pool : pools) {
      if (!names.add(pool.name())) {
        throw new IllegalArgumentException("pools has %s twice".formatted(pool.name()));
      }
    }
    if (has(pools, PoolRole.PREFILL) && !has(pools, PoolRole.DECODE)) {
      throw new IllegalArgumentException(
          "pools (%s) has a prefill pool but no decode pool, so nobody makes the second token. Maybe add one with role: decode, or role: mixed"
              .formatted(String.join(", ", names(pools))));
    }
    if (has(pools, PoolRole.DECODE) && !has(pools, PoolRole.PREFILL)) {
      throw new IllegalArgumentException(
          "pools (%s) has a decode pool but no prefill pool, so nothing reaches it. Maybe add one with role: prefill, or role: mixed"
              .formatted(String.join(", ", names(pools))));
    }
  }

  private static List<String> names(List<PoolSpec> pools) {
    return pools.stream().map(PoolSpec::name).toList();
  }

  private static void requireOneModel(List<PoolSpec> pools) {
    PoolSpec first = pools.get(0);
    for (PoolSpec pool : pools) {
      if (!pool.deployment().model().equals(first.deployment().model())) {
        throw new IllegalArgumentException(
            "pools have one model, but %s has %s and %s has %s"
                .formatted(
                    first.name(),
                    first.deployment().model().name(),
                    pool.name(),
                    pool.deployment().model().name()));
      }
      if (pool.deployment().kvBytesPerToken() != first.deployment().kvBytesPerToken()) {
        throw new IllegalArgumentException(
            "pools have one format of keys and values, but a token takes %s bytes in %s and %s in %s"
                .formatted(
                    first.deployment().kvBytesPerToken(),
                    first.name(),
                    pool.deployment().kvBytesPerToken(),
                    pool.name()));
      }
    }
  }

  private static void requireLinks(List<PoolSpec> pools, HandoverSpec handover) {
    boolean stated =
        handover.link().bandwidthBytesPerSecond() != null
            && handover.link().latencySeconds() != null;
    for (PoolSpec pool : pools) {
      if (!stated && pool.role() != PoolRole.MIXED && !pool.deployment().node().linksKnown()) {
        throw new IllegalArgumentException(
            "node %s of pool %s has no network between servers. Maybe state bandwidth_bytes_per_second and latency_seconds of link, or another node"
                .formatted(pool.deployment().node().name(), pool.name()));
      }
    }
  }

  /** The same with other times, in all pools. */
  public SimulationSpec with(PredictorSpec otherPredictor) {
    return new SimulationSpec(
        pools.stream().map(pool -> pool.with(otherPredictor)).toList(),
        router,
        handover,
        compatibility,
        timeLimitSeconds);
  }

  /** Whether there is more than one pool. */
  public boolean hasPools() {
    return pools.size() > 1;
  }

  /** Of the first pool, the only one of most clusters; so are the others below. */
  public Deployment deployment() {
    return pools.get(0).deployment();
  }

  public SchedulerSpec scheduler() {
    return pools.get(0).scheduler();
  }

  public KvCacheSpec kvCache() {
    return pools.get(0).kvCache();
  }

  public PredictorSpec predictor() {
    return pools.get(0).predictor();
  }

  /** Of all pools together. */
  public int replicas() {
    return pools.stream().mapToInt(PoolSpec::replicas).sum();
  }

  /** Devices of all pools together. */
  public int devices() {
    return pools.stream().mapToInt(PoolSpec::devices).sum();
  }
}
