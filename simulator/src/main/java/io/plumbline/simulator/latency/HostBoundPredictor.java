package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.hardware.Deployment;

/** The longer of launching and running, and the host's other work besides. */
final class HostBoundPredictor implements ExecutionTimePredictor {
  private final StepTerms host;
  private final double launchSeconds;
  private final ExecutionTimePredictor kernels;

  HostBoundPredictor(Deployment deployment, HostBoundSpec spec, ExecutionTimePredictor kernels) {
    this.host = spec.host();
    this.launchSeconds = spec.launch().seconds(deployment);
    this.kernels = kernels;
  }

  @Override
  public double modelSeconds(Batch batch, int stage) {
    return Math.max(launchSeconds, kernels.modelSeconds(batch, stage));
  }

  /** A replica without work launches the same kernels, for nothing. */
  @Override
  public double stepSeconds(Batch[] ranks, int stage) {
    return Math.max(launchSeconds, kernels.stepSeconds(ranks, stage));
  }

  @Override
  public double extrapolatedSeconds(Batch batch, int stage) {
    return kernels.extrapolatedSeconds(batch, stage);
  }

  @Override
  public double hostSeconds(Batch batch, int stage) {
    return kernels.hostSeconds(batch, stage) + (stage == 0 ? host.seconds(batch) : 0);
  }

  /** What the devices wait for the next launch is an operator of its own. */
  @Override
  public void operators(Batch batch, int stage, OperatorConsumer consumer) {
    kernels.operators(batch, stage, consumer);
    double waiting = launchSeconds - kernels.modelSeconds(batch, stage);
    if (waiting > 0) {
      consumer.operator("wait_for_launch", waiting * 1e3, 1);
    }
    double hostMs = stage == 0 ? host.seconds(batch) * 1e3 : 0;
    if (hostMs > 0) {
      consumer.operator("host", hostMs, 1);
    }
  }
}
