package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;
import java.io.Serializable;

/**
 * Time of the host to launch the kernels of an iteration one by one; in microseconds. It depends on
 * how many there are and not on how much they do.
 *
 * @param perLayerUs of each layer of the model
 * @param perCollectiveUs of each all-reduce besides, two in a layer that several devices share
 */
public record LaunchTerms(double perLayerUs, double perCollectiveUs) implements Serializable {
  private static final int COLLECTIVES_PER_LAYER = 2;

  public LaunchTerms {
    StepTerms.requireNotNegative("perLayerUs", perLayerUs);
    StepTerms.requireNotNegative("perCollectiveUs", perCollectiveUs);
  }

  /** None. */
  public static LaunchTerms defaults() {
    return new LaunchTerms(0, 0);
  }

  /** Time of one stage, in seconds. */
  double seconds(Deployment deployment) {
    boolean shared = deployment.parallelism().tensor() > 1;
    double layerUs = perLayerUs + (shared ? COLLECTIVES_PER_LAYER * perCollectiveUs : 0);
    return deployment.layersPerStage() * layerUs * 1e-6;
  }
}
