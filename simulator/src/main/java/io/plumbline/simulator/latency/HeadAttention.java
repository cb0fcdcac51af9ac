package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.WeightGroup;

/** Attention whose keys and values are kept by head. */
final class HeadAttention extends RooflineAttention {
  /** Two norms, QKV, rope, KV write, attention, output. */
  private static final int KERNELS = 7;

  private final int hidden;
  private final double queryWidth;
  private final double kvWidth;

  HeadAttention(Deployment deployment, RooflineSpec spec, RooflineRates rates) {
    super(deployment, spec, rates);
    this.hidden = deployment.model().hiddenSize();
    this.queryWidth = (double) deployment.queryHeadsPerDevice() * deployment.model().headDim();
    this.kvWidth = (double) deployment.kvHeadsPerDevice() * deployment.model().headDim();
  }

  @Override
  double before(int tokens) {
    return rates.product(tokens, hidden, queryWidth + 2 * kvWidth, WeightGroup.ATTENTION);
  }

  @Override
  double after(int tokens) {
    return rates.product(tokens, queryWidth, hidden, WeightGroup.ATTENTION);
  }

  @Override
  double decodes(Batch batch) {
    return kernel(decodePairs(batch), batch.decodeContextTokens());
  }

  @Override
  double prefills(Batch batch) {
    return kernel(chargedPairs(batch), batch.prefillContextTokens() + batch.prefillTokens());
  }

  private double kernel(double pairs, double contextTokens) {
    return Math.max(
        arithmetic(pairs * 2 * queryWidth), rates.cacheTraffic(contextTokens * 2 * kvWidth));
  }

  @Override
  double elementsPerToken() {
    return 2 * (queryWidth + 2 * kvWidth);
  }

  @Override
  int kernels(Batch batch) {
    return mixed(batch) ? KERNELS + 1 : KERNELS;
  }
}
