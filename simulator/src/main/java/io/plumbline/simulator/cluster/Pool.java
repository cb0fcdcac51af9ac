package io.plumbline.simulator.cluster;

import io.plumbline.simulator.hardware.Link;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.trace.run.PoolRole;

/**
 * Equal replicas of a cluster, which have one role.
 *
 * @param replicas how many
 * @param spec what each is made of
 * @param predictor how long its batches take
 * @param network of one replica, one stream of it; null in a cluster without hand-overs
 */
public record Pool(
    PoolRole role, int replicas, ReplicaSpec spec, ExecutionTimePredictor predictor, Link network) {

  /** Replicas that do everything. */
  static Pool mixed(int replicas, ReplicaSpec spec, ExecutionTimePredictor predictor) {
    return new Pool(PoolRole.MIXED, replicas, spec, predictor, null);
  }
}
