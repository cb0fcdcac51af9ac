package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.sm.SmGpu;

/**
 * Latency of generated kernels on a cycle-level model of a GPU. Kernels are simulated for a grid of
 * sizes, when they are first asked for, and kept for all runs of the JVM; each takes seconds to
 * minutes. Links between devices are those of the cards.
 *
 * @param gpu folder with configuration files of Accel-Sim; null if {@code description} is given
 * @param description the GPU itself; null until the folder is read
 * @param launchShare share of the card's kernel launch that counts for every kernel: 0 with graphs
 */
public record TraceSmSpec(String gpu, SmGpu description, double launchShare)
    implements PredictorSpec {
  private static final int MOST_HEAD_DIM = 128;
  private static final int FRAGMENT = 16;

  public TraceSmSpec {
    if (!(launchShare >= 0) || launchShare > 1) {
      throw new IllegalArgumentException(
          "launchShare (%s) must be from 0 to 1".formatted(launchShare));
    }
  }

  /** All launches count; the GPU has to be named. */
  public static TraceSmSpec defaults() {
    return new TraceSmSpec(null, null, 1);
  }

  /** The same with the GPU that the folder describes. */
  public TraceSmSpec describedBy(SmGpu read) {
    return new TraceSmSpec(gpu, read, launchShare);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    return new TraceSmPredictor(deployment, description, launchShare);
  }

  @Override
  public void requireSupports(Deployment deployment) {
    if (description == null) {
      throw new IllegalArgumentException(
          "trace_sm needs a GPU. Maybe gpu: a folder with gpgpusim.config and trace.config");
    }
    deployment.requireUnquantized("trace_sm");
    if (deployment.dtype().bytes() != 2) {
      throw new IllegalArgumentException("trace_sm has kernels for 16-bit numbers only");
    }
    if (deployment.model().mixtureOfExperts() || deployment.model().latentAttention() != null) {
      throw new IllegalArgumentException(
          "trace_sm has no kernels for experts and compressed keys, which %s has. Maybe predictor: roofline"
              .formatted(deployment.model().name()));
    }
    int headDim = deployment.model().headDim();
    if (headDim % FRAGMENT != 0 || headDim > MOST_HEAD_DIM) {
      throw new IllegalArgumentException(
          "trace_sm has attention for heads of 16 to 128, not %d. Maybe predictor: roofline"
              .formatted(headDim));
    }
  }
}
