package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.WeightGroup;

/**
 * The experts of one layer on one device. Each token goes to so many different experts, all equally
 * likely and independent of other tokens: of E experts, T tokens with k each are expected to use E
 * (1 - (1 - k / E)^T), and only these are read. With expert parallelism a device has some experts
 * whole, without it a slice of each.
 *
 * <p>With the defaults, roofline / measured for vLLM 0.19's fused kernel on H100, tokens spread
 * evenly (aiconfigurator, commit 095f58a, {@code moe_perf}; 10th percentile, median, 90th): BF16
 * 0.88, 1.09, 1.14 on one device and 0.59, 0.89, 1.06 with the experts of eight; FP8 0.86, 1.06,
 * 1.14 and 0.43, 0.74, 0.98.
 */
final class RooflineExperts {
  /** Router, choice, sorting, up and gate, activation, down, sum. */
  private static final int KERNELS = 7;

  /** Up and gate, activation, down. */
  private static final int KERNELS_OF_SHARED = 3;

  private final RooflineRates rates;
  private final ExpertLayers layer;
  private final int hidden;
  private final double here;
  private final double width;
  private final double sharedWidth;
  private final double imbalance;

  RooflineExperts(Deployment deployment, RooflineSpec spec, RooflineRates rates) {
    this.rates = rates;
    this.layer = deployment.model().expertLayers();
    this.hidden = deployment.model().hiddenSize();
    int tensor = deployment.parallelism().tensor();
    int expert = deployment.parallelism().expert();
    this.here = (double) layer.experts() / expert;
    this.width = (double) layer.expertHiddenSize() / (expert > 1 ? 1 : tensor);
    this.sharedWidth = (double) layer.sharedExperts() * layer.expertHiddenSize() / tensor;
    this.imbalance = expert > 1 ? spec.expertImbalance() : 1;
  }

  /** Every device routes the tokens at hand. */
  double router(int tokens) {
    return rates.plainProduct(tokens, hidden, layer.experts());
  }

  double shared(int tokens) {
    return layer.sharedExperts() == 0
        ? 0
        : rates.product(tokens, hidden, 2 * sharedWidth, WeightGroup.SHARED_EXPERTS)
            + rates.product(tokens, sharedWidth, hidden, WeightGroup.SHARED_EXPERTS)
            + rates.traffic(3 * sharedWidth * tokens);
  }

  /**
   * Routed experts with their activation.
   *
   * @param tokens those of all that share the experts
   */
  double routed(int tokens) {
    double rows = rows(tokens);
    double used = used(tokens);
    return rates.groupedProduct(rows, used, hidden, 2 * width)
        + rates.groupedProduct(rows, used, width, hidden)
        + rates.traffic(rows * (3 * width + hidden) + (double) tokens * hidden);
  }

  /** Tokens times experts that this device computes. */
  double rows(int tokens) {
    return imbalance * tokens * layer.expertsPerToken() * here / layer.experts();
  }

  /** Experts of this device that are expected to have a token. */
  double used(int tokens) {
    double missed = 1 - (double) layer.expertsPerToken() / layer.experts();
    return here * (1 - Math.pow(missed, tokens));
  }

  int kernels() {
    return layer.sharedExperts() == 0 ? KERNELS : KERNELS + KERNELS_OF_SHARED;
  }
}
