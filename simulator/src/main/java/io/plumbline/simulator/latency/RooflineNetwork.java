package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Link;
import io.plumbline.trace.model.WeightGroup;

/** What devices send each other. */
final class RooflineNetwork {
  private final Deployment deployment;
  private final double rowElements;
  private final double rowBytes;
  private final int tensor;
  private final double efficiency;
  private final double launchSeconds;
  private final ExpertExchange exchange;

  RooflineNetwork(Deployment deployment, RooflineSpec spec) {
    this.deployment = deployment;
    this.rowElements = deployment.model().hiddenSize();
    this.rowBytes = rowElements * deployment.dtype().bytes();
    this.tensor = deployment.parallelism().tensor();
    this.efficiency = spec.networkEfficiency();
    this.launchSeconds = deployment.device().kernelLaunchSeconds();
    this.exchange = spec.expertExchange();
  }

  /**
   * All-reduce with the latency of a tree, up and down once, and the traffic of a ring, of which
   * each device sends its share 2 (n - 1) times. NCCL takes whichever is faster for the size, and
   * its double binary tree has the bandwidth of the ring.
   *
   * <p>Medians of Vidur's {@code all_reduce.csv}, ms measured / this formula with the cards' 8.92
   * us a hop. DGX A100, 8 to 256 KiB: 2 devices 0.051 / 0.022, 4 devices 0.060 / 0.040, 8 devices
   * 0.038 / 0.058, within a factor of 2.5 either way (0.016 to 0.036 for 4 in LLMCompass); 64 MiB:
   * 0.430 / 0.308, 0.603 / 0.469, 0.675 / 0.558. Pairs of A100 joined by PCIe, 4 devices: 16 MiB
   * 1.118 / 1.047, 64 MiB 4.268 / 4.072; the same of H100: 0.556 / 0.543, 2.063 / 2.055.
   *
   * @see <a
   *     href="https://developer.nvidia.com/blog/massively-scale-deep-learning-training-nccl-2-4/">
   *     Double binary trees in NCCL 2.4</a>
   */
  double allReduce(int tokens, int stage) {
    Link link = deployment.tensorLink(stage);
    int ceilLog2 = Integer.SIZE - Integer.numberOfLeadingZeros(tensor - 1);
    return 2 * ceilLog2 * link.latencySeconds()
        + 2 * (tensor - 1) * (tokens * rowBytes) / tensor / bandwidth(link)
        + launchSeconds;
  }

  /** From a stage to the next. */
  double transfer(int tokens, int stage) {
    Link link = deployment.sendLink(stage);
    return link.latencySeconds() + tokens * rowBytes / bandwidth(link);
  }

  /**
   * Tokens of all replicas to the experts and back, over the slowest link among them.
   *
   * @param tokens of all replicas together
   * @param largest of the replica that has most
   */
  double exchange(int tokens, int largest, int ranks) {
    Link link = deployment.expertLink();
    return switch (exchange) {
      case ALL_GATHER ->
          2 * (ranks - 1) * (link.latencySeconds() + tokens * rowBytes / ranks / bandwidth(link))
              + 2 * launchSeconds;
      case ALL_TO_ALL ->
          2 * link.latencySeconds()
              + largest * remoteCopies() * sentBytes() / tensor / bandwidth(link)
              + 2 * launchSeconds;
    };
  }

  /** Other devices among those of a token's experts, expected. */
  private double remoteCopies() {
    int devices = deployment.parallelism().expert();
    int chosen = deployment.model().expertLayers().expertsPerToken();
    double reached = devices * (1 - Math.pow(1 - 1.0 / devices, chosen));
    return reached * (devices - 1) / devices;
  }

  /** A row there, as wide as it is multiplied, and back in the dtype. */
  private double sentBytes() {
    return rowElements * deployment.bytesPerInput(WeightGroup.EXPERTS) + rowBytes;
  }

  private double bandwidth(Link link) {
    return link.bandwidthBytesPerSecond() * efficiency;
  }
}
