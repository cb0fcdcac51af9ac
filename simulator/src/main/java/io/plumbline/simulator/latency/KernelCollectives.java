package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.GraphMode;

/**
 * Collectives among the devices of one stage, in milliseconds over 16-bit elements: the engine's
 * own all-reduce, or NCCL's where only that was timed. Inside of a CUDA graph they cost less: the
 * buffers are registered and nothing waits for a launch.
 */
final class KernelCollectives {
  private final MeasuredTree graph;
  private final MeasuredTree eager;
  private final MeasuredTree gather;

  KernelCollectives(OperatorProfile profile) {
    this.graph = tree(profile, KernelOperator.ALL_REDUCE_GRAPH);
    this.eager = tree(profile, KernelOperator.ALL_REDUCE_EAGER);
    this.gather = new MeasuredTree(profile.require(KernelOperator.NCCL_ALL_GATHER), false);
  }

  private static MeasuredTree tree(OperatorProfile profile, KernelOperator engines) {
    boolean timed = profile.samples().containsKey(engines);
    return new MeasuredTree(
        profile.require(timed ? engines : KernelOperator.NCCL_ALL_REDUCE), false);
  }

  double allReduceMs(double elements, GraphMode mode) {
    return reduce(mode).at(elements);
  }

  boolean allReduceMeasured(double elements, GraphMode mode) {
    return reduce(mode).encloses(elements);
  }

  private MeasuredTree reduce(GraphMode mode) {
    return mode == GraphMode.NONE ? eager : graph;
  }

  double allGatherMs(double elements) {
    return gather.at(elements);
  }

  boolean allGatherMeasured(double elements) {
    return gather.encloses(elements);
  }
}
